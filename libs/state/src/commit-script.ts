import { MINUTE_MS, MINUTES_KEPT } from '@app/engine';
import { MARKS_LUA, REMEMBER_LUA } from './marks-lua.js';
import { EVEN_WHEN_FULL_LUA, script } from './script.js';
import { SERIES_LUA } from './series-lua.js';

const OPENING = `
-- Writes all of a change, or nothing: Lua does not roll back, so all that can fail (version, catalog, types, ranges) is
-- checked, and every new value computed, before the first write. Writes are staged and then done in one go.
-- KEYS[1] the head; every other key has the same hash tag.
-- ARGV    prefix · expected version · catalog · 1 at a takeover · switched · clock · quiet · job · job items
--         then each with its number in front:
--         entity groups: key suffix, due prefix, number, (id, record or '', due or '')…
--         mark buckets: bucket, blob · the oldest bucket to keep
--         series: metric, gauge or total, limit of label sets or 0, number, (labels, delta)…
--         ages: metric and labels, number, (member, since or '')…
--         accounts · stats: (name, delta) · at a takeover: layouts: (id, text) · metrics that stay
-- Replies {'committed', the earliest due time or false, the version} · {'conflict'} · {'refused', series out of range, series over limit}
local prefix = ARGV[1]
local at = 1
local function take() at = at + 1 return ARGV[at] end
local function takeNumber() return tonumber(take()) end

local staged = {}
-- A command to be carried out at the end; arguments that come later are added to the returned list.
local function stage(...)
  local command = { ... }
  staged[#staged + 1] = command
  return command
end
-- Like stage, for commands of which there may be thousands of arguments: begins another one when a list is long.
local function extend(command, name, key)
  if command and #command < 2000 then return command end
  return stage(name, key)
end

local types = {}
-- Makes sure that the key is of that type or absent, and tells whether it is there.
local function check(key, kind)
  local found = types[key]
  if found == nil then
    found = redis.call('TYPE', key).ok
    types[key] = found
  end
  if found ~= 'none' and found ~= kind then error('WRONGTYPE ' .. key .. ' is a ' .. found) end
  return found ~= 'none'
end

local expected, catalog, takeover = takeNumber(), take(), take() == '1'
local head = redis.call('HMGET', KEYS[1], 'version', 'catalog', 'clock', 'seen', 'sweep', 'epoch')
if tonumber(head[1] or 0) ~= expected or (not takeover and (head[2] or '') ~= catalog) then return { 'conflict' } end
local switched, clock, quiet, job, jobItems = take(), takeNumber(), take(), take(), take()
for name, kind in pairs({ due = 'zset', entities = 'set', metrics = 'hash', ages = 'set', accounts = 'set', stats = 'hash', layouts = 'hash', sizes = 'hash' }) do
  check(prefix .. name, kind)
end
`;

const ENTITIES = `
local function entities()
  local due, undue
  for _ = 1, takeNumber() do
    local suffix, duePrefix = take(), take()
    local key = prefix .. 'entity:' .. suffix
    if not check(key, 'hash') then stage('SADD', prefix .. 'entities', suffix) end
    local kept, gone
    for _ = 1, takeNumber() do
      local id, record, time = take(), take(), take()
      if record == '' then
        gone = extend(gone, 'HDEL', key)
        gone[#gone + 1] = id
      else
        kept = extend(kept, 'HSET', key)
        kept[#kept + 1] = id
        kept[#kept + 1] = record
      end
      if record == '' or time == '' then
        undue = extend(undue, 'ZREM', prefix .. 'due')
        undue[#undue + 1] = duePrefix .. id
      else
        due = extend(due, 'ZADD', prefix .. 'due')
        due[#due + 1] = time
        due[#due + 1] = duePrefix .. id
      end
    end
  end
end
`;

const REST = `
-- The age sets that are written, without 'age:'.
local placedAges = {}
local function ages()
  for _ = 1, takeNumber() do
    local suffix = take()
    local key = prefix .. 'age:' .. suffix
    if not check(key, 'zset') then stage('SADD', prefix .. 'ages', suffix) end
    placedAges[suffix] = true
    local placed, left
    for _ = 1, takeNumber() do
      local member, since = take(), take()
      if since == '' then
        left = extend(left, 'ZREM', key)
        left[#left + 1] = member
      else
        placed = extend(placed, 'ZADD', key)
        placed[#placed + 1] = since
        placed[#placed + 1] = member
      end
    end
  end
end

local function accountsAndStats()
  local accounts
  for _ = 1, takeNumber() do
    accounts = extend(accounts, 'SADD', prefix .. 'accounts')
    accounts[#accounts + 1] = take()
  end
  local stats
  for _ = 1, takeNumber() do
    local name, delta = take(), takeNumber()
    stats = extend(stats, 'HSET', prefix .. 'stats')
    stats[#stats + 1] = name
    stats[#stats + 1] = string.format('%.0f', tonumber(redis.call('HGET', prefix .. 'stats', name) or 0) + delta)
  end
end

-- There are other layouts, and what belongs to metrics that do not stay is dropped. Returns the epoch of the layouts.
local function takeOver()
  local epoch = tonumber(head[6] or 0)
  if not takeover then return epoch end
  stage('DEL', prefix .. 'layouts')
  for _ = 1, takeNumber() do stage('HSET', prefix .. 'layouts', take(), take()) end
  local stays = {}
  for _ = 1, takeNumber() do stays[take()] = true end
  for _, metric in ipairs(redis.call('HKEYS', prefix .. 'metrics')) do written[metric] = true end
  for metric in pairs(written) do
    if not stays[string.match(metric, '^[^#]*')] then
      stage('UNLINK', prefix .. 'series:' .. metric)
      stage('HDEL', prefix .. 'metrics', metric)
    end
  end
  for _, suffix in ipairs(redis.call('SMEMBERS', prefix .. 'ages')) do placedAges[suffix] = true end
  for suffix in pairs(placedAges) do
    if not stays[string.match(suffix, '^%S*')] then
      stage('UNLINK', prefix .. 'age:' .. suffix)
      stage('SREM', prefix .. 'ages', suffix)
    end
  end
  for _, field in ipairs(redis.call('HKEYS', prefix .. 'sizes')) do sizes[field] = true end
  for field in pairs(sizes) do
    if not stays[string.match(field, '^%S*')] then stage('HDEL', prefix .. 'sizes', field) end
  end
  return epoch + 1
end

-- When the clock enters another minute: drops the series of minutes that are too old.
local function forgetMinutes()
  if math.floor(tonumber(head[3] or 0) / ${MINUTE_MS}) == math.floor(clock / ${MINUTE_MS}) then return end
  local oldest = math.floor(clock / ${MINUTE_MS}) - ${MINUTES_KEPT}
  for _, metric in ipairs(redis.call('HKEYS', prefix .. 'metrics')) do written[metric] = true end
  for metric in pairs(written) do
    local minute = string.match(metric, '#(%d+)$')
    if minute and tonumber(minute) < oldest then
      stage('UNLINK', prefix .. 'series:' .. metric)
      stage('HDEL', prefix .. 'metrics', metric)
    end
  end
end
`;

const CLOSING = `
entities()
local seen = marks()
local sweepAt = sweep()
for _ = 1, takeNumber() do
  local metric, isGauge, limit = take(), take() == 'gauge', takeNumber()
  seriesOf(metric, isGauge, limit)
end
ages()
accountsAndStats()
local over = overLimit()
local epoch = takeOver()
forgetMinutes()
if #outOfRange + #over > 0 then return { 'refused', outOfRange, over } end

-- Draining the queue is what frees memory, so it must not stop for want of some.
${EVEN_WHEN_FULL_LUA}
for _, command in ipairs(staged) do redis.call(unpack(command)) end
for suffix in pairs(placedAges) do
  if redis.call('EXISTS', prefix .. 'age:' .. suffix) == 0 then redis.call('SREM', prefix .. 'ages', suffix) end
end
-- By the clock, so that no version comes twice, not even on a replica that was promoted without the newest of them.
local time = redis.call('TIME')
local version = string.format('%.0f', math.max(expected + 1, tonumber(time[1]) * 1000000 + tonumber(time[2])))
redis.call('HSET', KEYS[1], 'version', version, 'catalog', catalog, 'switched', switched,
  'clock', string.format('%.0f', clock), 'quiet', quiet, 'job', job, 'jobItems', jobItems,
  'epoch', epoch, 'seen', seen, 'sweep', sweepAt)
local first = redis.call('ZRANGE', prefix .. 'due', 0, 0, 'WITHSCORES')
return { 'committed', first[2] or false, version }
`;

/** The one script that writes a partition's state; see its opening. */
export const COMMIT = script([OPENING, MARKS_LUA, ENTITIES, REMEMBER_LUA, SERIES_LUA, REST, CLOSING].join(''));
