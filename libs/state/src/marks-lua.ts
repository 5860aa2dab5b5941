import { markBucketOf } from '@app/engine';

/**
 * How identities are remembered in at most 16 bytes each. Per 12 h of the partition's clock (a bucket) there are one or
 * more generations of strings (slots); a slot is a concatenation of 7-byte remainders of fingerprints, looked up at
 * multiples of 7. Fingerprints spread over the slots by other bits than those of the remainder, so that two identities
 * are mistaken for each other with odds of about 10⁻¹⁴ per event.
 *
 * A generation begins with as many slots as the bucket before would have filled, and a full one (160 remainders per slot:
 * just below the point where Redis doubles a string's allocation) is followed by one of four times as many. Old buckets
 * go as a whole. The head's `seen` field lists what there is: `bucket:generation:slots:count`, oldest first.
 */
export const MARKS_LUA = `
local WIDTH = 7
local FULL = 160
local FILL = 100

local function generationOf(bucket, generation, slots, count)
  local root = string.format('%sseen:%.0f.%d:', prefix, bucket, generation)
  return { bucket = bucket, generation = generation, slots = slots, count = count, root = root }
end

local function readGenerations(text)
  local list = {}
  for bucket, generation, slots, count in string.gmatch(text or '', '(%d+):(%d+):(%d+):(%d+)') do
    list[#list + 1] = generationOf(tonumber(bucket), tonumber(generation), tonumber(slots), tonumber(count))
  end
  return list
end

-- The n-th entry of a blob of 11-byte entries: four bytes that choose the slot, and the remainder.
local function mark(blob, n)
  local from = n * 11 + 1
  local a, b, c, d = string.byte(blob, from, from + 3)
  return ((a * 256 + b) * 256 + c) * 256 + d, string.sub(blob, from + 4, from + 10)
end
`;

/** What the commit does with marks, after {@link MARKS_LUA}: `marks()` returns the head's `seen` field. */
export const REMEMBER_LUA = `
local function newest(generations, bucket)
  for n = #generations, 1, -1 do
    if generations[n].bucket == bucket then return generations[n] end
  end
end

-- As many slots as the marks of the last bucket before would have filled.
local function slotsFor(generations, bucket)
  local last, count = -1, 0
  for _, one in ipairs(generations) do
    if one.bucket < bucket and one.bucket > last then last, count = one.bucket, 0 end
    if one.bucket == last then count = count + one.count end
  end
  local slots = 1
  while slots * FILL * 2 <= count and slots < 1048576 do slots = slots * 2 end
  return slots
end

local function begin(generations, bucket, generation, slots)
  local one = generationOf(bucket, generation, slots, 0)
  generations[#generations + 1] = one
  return one
end

local function remember(generations, bucket, blob)
  local one = newest(generations, bucket) or begin(generations, bucket, 0, slotsFor(generations, bucket))
  for n = 0, #blob / 11 - 1 do
    if one.count >= one.slots * FULL then one = begin(generations, bucket, one.generation + 1, one.slots * 4) end
    local hash, remainder = mark(blob, n)
    local slot = hash % one.slots
    one.added = one.added or {}
    one.added[slot] = (one.added[slot] or '') .. remainder
    one.count = one.count + 1
  end
end

local function append(generations)
  for _, one in ipairs(generations) do
    for slot, text in pairs(one.added or {}) do
      check(one.root .. slot, 'string')
      stage('APPEND', one.root .. slot, text)
    end
  end
end

local function forget(generations, oldest)
  local kept, gone = {}, nil
  for _, one in ipairs(generations) do
    if one.bucket >= oldest then
      kept[#kept + 1] = string.format('%.0f:%d:%d:%d', one.bucket, one.generation, one.slots, one.count)
    else
      for slot = 0, one.slots - 1 do
        gone = extend(gone, 'UNLINK', one.root .. slot)
        gone[#gone + 1] = one.root .. slot
      end
    end
  end
  return table.concat(kept, ' ')
end

local function marks()
  local generations = readGenerations(head[4])
  for _ = 1, takeNumber() do remember(generations, takeNumber(), take()) end
  append(generations)
  return forget(generations, takeNumber())
end
`;

/** The bytes by which the scripts know identities (32 hex digits each), 11 for each. */
export function markBlob(identities: readonly string[]): Buffer {
  let hex = '';
  for (const identity of identities) hex += identity.slice(0, 8) + identity.slice(18, 32);
  return Buffer.from(hex, 'hex');
}

/** Identities by the bucket of the clock in which they were received. */
export function marksByBucket(marks: readonly string[], clockOf: (index: number) => number): Map<number, string[]> {
  const buckets = new Map<number, string[]>();
  marks.forEach((identity, index) => {
    const bucket = markBucketOf(clockOf(index));
    const found = buckets.get(bucket);
    if (found === undefined) buckets.set(bucket, [identity]);
    else found.push(identity);
  });
  return buckets;
}
