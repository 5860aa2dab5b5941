import { COUNT_LIMIT, OVERFLOW, SERIES_LIFE_MS, SUM_LIMIT } from '@app/engine';
import { LIMB } from './packed-series.js';

const HOUR_MS = 3_600_000;

/** A dead series is swept only this long after it died (ms), when no late event can bring it back. */
const SWEEP_MARGIN_MS = 30 * 24 * HOUR_MS;

/** What the commit does with series: computes their new numbers (see `packed-series.ts`), stages or refuses them. */
export const SERIES_LUA = `
local LIFE = ${SERIES_LIFE_MS}
local LIMIT = ${SUM_LIMIT / LIMB}
local COUNT_LIMIT = ${COUNT_LIMIT}

local function numbers(text)
  local list = {}
  for word in string.gmatch(text, '%S+') do list[#list + 1] = tonumber(word) end
  return list
end

-- Lua writes numbers with 14 digits, which is exact and fast for nearly all.
local function text(list)
  for n = 1, #list do
    if list[n] >= 1e14 then list[n] = string.format('%.0f', list[n]) end
  end
  return table.concat(list, ' ')
end

-- { high, low, count, created, touched, buckets… }; judged by event times alone, a dead total starts anew.
local function add(old, delta, isGauge)
  if not old or (not isGauge and old[5] < delta[4] - LIFE) then return delta end
  local sum = {}
  for n = 1, math.max(#old, #delta) do sum[n] = (old[n] or 0) + (delta[n] or 0) end
  if sum[2] >= 1e9 then sum[1], sum[2] = sum[1] + 1, sum[2] - 1e9 end
  sum[4] = math.min(old[4], delta[4])
  sum[5] = math.max(old[5], delta[5])
  return sum
end

local function inRange(sum)
  local below = sum[1] < LIMIT or (sum[1] == LIMIT and sum[2] == 0)
  return below and sum[1] >= -LIMIT and math.abs(sum[3]) <= COUNT_LIMIT
end

-- The account in a text of labels: the first text of the list, as it is written.
local function accountIn(labels)
  local last = 3
  while last < #labels and string.sub(labels, last, last) ~= '"' do
    last = last + (string.sub(labels, last, last) == '\\\\' and 2 or 1)
  end
  return string.sub(labels, 2, last)
end

-- How many label sets a metric has with an account, and which of them are new; only of those that come or go.
local sizes = {}
local function resize(metric, labels, by, limit)
  local field = metric .. ' ' .. accountIn(labels)
  local size = sizes[field]
  if not size then
    size = { now = tonumber(redis.call('HGET', prefix .. 'sizes', field) or 0), fresh = {} }
    sizes[field] = size
  end
  size.now = size.now + by
  size.limit = limit or size.limit
  if by > 0 then size.fresh[#size.fresh + 1] = metric .. labels end
end

-- What is new beyond the limit: the last of those that came.
local function overLimit()
  local over = {}
  local kept, gone
  for field, size in pairs(sizes) do
    local excess = size.limit and size.now - size.limit or 0
    for n = math.max(1, #size.fresh - excess + 1), #size.fresh do over[#over + 1] = size.fresh[n] end
    if size.now > 0 then
      kept = extend(kept, 'HSET', prefix .. 'sizes')
      kept[#kept + 1] = field
      kept[#kept + 1] = size.now
    else
      gone = extend(gone, 'HDEL', prefix .. 'sizes')
      gone[#gone + 1] = field
    end
  end
  return over
end

-- Totals that this very commit sweeps away.
local swept = {}

local outOfRange = {}
-- The metrics that are written.
local written = {}
local function seriesOf(metric, isGauge, limit)
  written[metric] = true
  local key = prefix .. 'series:' .. metric
  if not check(key, 'hash') then stage('HSET', prefix .. 'metrics', metric, isGauge and 'gauge' or 'total') end
  local from, count = at, takeNumber()
  at = from + 1 + 2 * count
  local kept, gone
  for first = 1, count, 500 do
    local last = math.min(first + 499, count)
    local fields = {}
    for n = first, last do fields[#fields + 1] = ARGV[from + 2 * n] end
    local before = redis.call('HMGET', key, unpack(fields))
    for n = first, last do
      local labels = ARGV[from + 2 * n]
      local old = before[n - first + 1]
      local sum = add(old and numbers(old), numbers(ARGV[from + 2 * n + 1]), isGauge)
      if not inRange(sum) then outOfRange[#outOfRange + 1] = metric .. labels end
      if limit > 0 then
        local was = old and not swept[metric .. labels]
        local is = not isGauge or sum[3] ~= 0
        if is and not was then resize(metric, labels, 1, limit) elseif was and not is then resize(metric, labels, -1) end
      end
      if isGauge and sum[3] == 0 then
        gone = extend(gone, 'HDEL', key)
        gone[#gone + 1] = labels
      else
        kept = extend(kept, 'HSET', key)
        kept[#kept + 1] = labels
        kept[#kept + 1] = text(sum)
      end
    end
  end
end

-- Once in an hour of the clock, looks through one slice of one metric for totals that are long dead.
local function sweep()
  local before = tonumber(head[3] or 0)
  if math.floor(before / ${HOUR_MS}) == math.floor(clock / ${HOUR_MS}) then return head[5] or '' end
  local all = redis.call('HGETALL', prefix .. 'metrics')
  local metrics = {}
  for n = 1, #all, 2 do
    -- Series of a minute go with their minute.
    if all[n + 1] == 'total' and not string.find(all[n], '#', 1, true) then metrics[#metrics + 1] = all[n] end
  end
  table.sort(metrics)
  local last, cursor = string.match(head[5] or '', '^(%S+) (%d+)$')
  local metric
  for _, one in ipairs(metrics) do
    if not metric and (not last or one > last or (one == last and cursor ~= '0')) then metric = one end
  end
  if not metric then return '' end
  local key = prefix .. 'series:' .. metric
  check(key, 'hash')
  local page = redis.call('HSCAN', key, metric == last and cursor or '0', 'COUNT', 500)
  local gone
  for n = 1, #page[2], 2 do
    if numbers(page[2][n + 1])[5] < clock - LIFE - ${SWEEP_MARGIN_MS} then
      gone = extend(gone, 'HDEL', key)
      gone[#gone + 1] = page[2][n]
      swept[metric .. page[2][n]] = true
      if not string.find(page[2][n], '"${OVERFLOW}"', 1, true) then resize(metric, page[2][n], -1) end
    end
  end
  return metric .. ' ' .. page[1]
end
`;
