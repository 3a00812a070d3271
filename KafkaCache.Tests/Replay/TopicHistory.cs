using System.Buffers.Binary;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

/// <summary>A random history of a topic that adds, changes and removes keys, with values of 0 to 60,000 bytes. It writes about 4 MB, of
/// which 2 MB remain: the embedded broker keeps 5 MiB per partition.</summary>
internal sealed class TopicHistory
{
    private const int Steps = 4_000;
    private const int Keys = 3_000;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<TestRecord> _records = [];
    private readonly Dictionary<int, byte[]> _left = [];

    public TopicHistory(ulong seed)
    {
        var random = new Random(unchecked((int)seed));
        for (var step = 0; step < Steps; step++)
        {
            var key = random.Next(Keys);
            var value = Value(random, step);
            _records.Add(new TestRecord(Key(key), value) { Timestamp = Begin.AddMilliseconds(step) });
            if (value is null)
                _left.Remove(key);
            else
                _left[key] = value;
        }
    }

    public IReadOnlyList<TestRecord> Records => _records;

    /// <summary>The last value of each key that was not removed.</summary>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Left => _left.Select(static pair => KeyValuePair.Create(Key(pair.Key), pair.Value));

    public long LeftBytes => Left.Sum(static pair => pair.Key.Length + (long)pair.Value.Length);

    private static byte[] Key(int number)
    {
        var key = new byte[4 + (number % 37)];
        key.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    private static byte[]? Value(Random random, int step)
    {
        if (step % 200 == 0)
            return Bytes(random, random.Next(20_000, 60_000));
        return random.Next(20) switch
        {
            < 3 => null,
            < 5 => [],
            _ => Bytes(random, random.Next(1, 2_000)),
        };
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
