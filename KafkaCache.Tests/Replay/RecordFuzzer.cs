using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

/// <summary>Generates valid, invalid and mutated records, which are determined by a seed.</summary>
internal sealed class RecordFuzzer(ulong seed)
{
    private readonly Random _random = new(unchecked((int)seed));

    public IReadOnlyList<TestRecord> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => new TestRecord(Key(), Value()))];

    private byte[]? Key() => _random.Next(30) switch
    {
        0 => null,
        1 => [],
        2 => Bytes(_random.Next(1, 300)),
        3 => Mutated(Encoding.UTF8.GetBytes($"k{_random.Next(200)}")),
        _ => Encoding.UTF8.GetBytes($"k{_random.Next(200)}"),
    };

    private byte[]? Value() => _random.Next(10) switch
    {
        0 => null,
        1 => Bytes(_random.Next(0, 2_000)),
        2 or 3 or 4 => Mutated(Json()),
        _ => Json(),
    };

    private byte[] Json() => Encoding.UTF8.GetBytes(Json(_random.Next(1, 90)));

    private string Json(int levels) => _random.Next(4) > 0
        ? $$"""{"size":{{_random.Next(60)}},"text":"é{{_random.Next()}}","""
            + $$""" "numbers":{"a":{{_random.NextDouble():R}},"b":1e{{_random.Next(400)}} } }"""
        : string.Concat(Enumerable.Repeat("""{"inner":""", levels)) + "null" + new string('}', levels);

    // Changes, duplicates or removes a few bytes, or truncates the array.
    private byte[] Mutated(byte[] bytes)
    {
        var mutated = new List<byte>(bytes);
        for (var change = _random.Next(1, 4); change > 0 && mutated.Count > 0; change--)
        {
            var at = _random.Next(mutated.Count);
            switch (_random.Next(5))
            {
                case 0:
                    mutated[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    mutated.Insert(at, mutated[at]);
                    break;
                case 3:
                    mutated.RemoveAt(at);
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
