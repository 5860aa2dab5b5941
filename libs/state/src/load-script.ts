import { HEAD_FIELDS } from './head.js';
import { MARKS_LUA } from './marks-lua.js';
import { script } from './script.js';

/** Reads a partition's head and entities, and whether identities were seen, in one instant. */
export const LOAD = script(`
-- Reads a partition's head and entities, and where identities were seen.
-- KEYS[1] the head; every other key has the same hash tag.
-- ARGV    prefix · the epoch of the layouts that the caller knows
--         number of entity groups · per group: key suffix, number of ids, ids…
--         blob of identities
-- Replies { head fields…, the earliest due time or false, layouts or false when the caller knows them,
--           records or false, in order, per identity the newest bucket in which it was seen or -1 }
local prefix = ARGV[1]
${MARKS_LUA}
local head = redis.call('HMGET', KEYS[1], ${HEAD_FIELDS.map((field) => `'${field}'`).join(', ')})
local layouts = false
if head[${HEAD_FIELDS.indexOf('epoch') + 1}] ~= ARGV[2] then layouts = redis.call('HGETALL', prefix .. 'layouts') end

local at = 3
local records = {}
for _ = 1, tonumber(ARGV[3]) do
  local key = prefix .. 'entity:' .. ARGV[at + 1]
  local ids = tonumber(ARGV[at + 2])
  at = at + 2
  for from = 1, ids, 1000 do
    local values = redis.call('HMGET', key, unpack(ARGV, at + from, at + math.min(from + 999, ids)))
    for n = 1, #values do records[#records + 1] = values[n] end
  end
  at = at + ids
end

local generations = readGenerations(head[${HEAD_FIELDS.indexOf('seen') + 1}])
local function holds(one, hash, remainder)
  local slot = hash % one.slots
  one.texts = one.texts or {}
  local text = one.texts[slot]
  if not text then
    text = redis.call('GET', one.root .. slot) or ''
    one.texts[slot] = text
  end
  local found = string.find(text, remainder, 1, true)
  while found and (found - 1) % WIDTH ~= 0 do found = string.find(text, remainder, found + 1, true) end
  return found
end

local blob = ARGV[at + 1]
local seen = {}
for n = 0, #blob / 11 - 1 do
  local hash, remainder = mark(blob, n)
  seen[n + 1] = -1
  for g = #generations, 1, -1 do
    if generations[g].bucket > seen[n + 1] and holds(generations[g], hash, remainder) then
      seen[n + 1] = generations[g].bucket
    end
  end
end

local first = redis.call('ZRANGE', prefix .. 'due', 0, 0, 'WITHSCORES')
return { head, first[2] or false, layouts, records, seen }
`);
