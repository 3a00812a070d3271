using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

/// <summary>Readers that run concurrently with a busy writer see only whole entries. Every byte of a value depends on its offset and
/// length; the lengths include the capacity of a slot and one byte more.</summary>
public sealed class TornReadTests
{
    [Fact]
    public void Two_million_reads_beside_a_busy_writer_are_whole() => ReadBesideWriter(2_000_000, hotKeys: 8);

    [Fact]
    public void Reads_beside_a_writer_whose_log_is_copied_forward_are_whole() => ReadBesideWriter(1_000_000, hotKeys: 3000);

    [Fact]
    [Trait("Category", "Soak")]
    public void Hundred_million_reads_beside_a_busy_writer_are_whole() => ReadBesideWriter(100_000_000, hotKeys: 8);

    private static void ReadBesideWriter(long reads, int hotKeys)
    {
        using var store = NewStore(budget: 2 * MiB, expected: hotKeys);
        var offset = 0L;
        for (var key = 0; key < hotKeys; key++) store.Set(Key(key), At(++offset), Describing(offset, 100));

        const int MinWrites = 1000;
        var left = reads;
        long torn = 0, missing = 0, back = 0, writes = 0;
        var readers = Enumerable.Range(0, 2).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            var keys = Enumerable.Range(0, hotKeys).Select(k => Key(k)).ToArray();
            var seen = new long[hotKeys];
            const int Batch = 1000;
            while (Interlocked.Add(ref left, -Batch) >= 0 || Volatile.Read(ref writes) <= MinWrites)
            {
                for (var i = 0; i < Batch; i++)
                {
                    var key = random.Next(hotKeys);
                    using var entry = store.Read(keys[key]);
                    if (!entry.Found)
                        Interlocked.Increment(ref missing);
                    else if (!IsWhole(entry.Value, entry.Metadata.Offset) || entry.Metadata.TimestampMs != ~entry.Metadata.Offset
                        && entry.Metadata.TimestampMs != 0) Interlocked.Increment(ref torn);
                    else if (entry.Metadata.Offset < seen[key]) Interlocked.Increment(ref back);
                    else
                        seen[key] = entry.Metadata.Offset;
                }
            }
        })).ToList();
        readers.ForEach(t => t.Start());

        var buffer = new byte[400];
        int[] lengths = [0, 1, 8, 96, 97, 104, 105, 120, 121, 128, 129, 200, 201, 320, 321];
        var pick = new Random(42);
        while (Interlocked.Read(ref left) > 0 || writes <= MinWrites)
        {
            var value = buffer.AsSpan(0, lengths[pick.Next(lengths.Length)]);
            Describe(value, ++offset);
            store.Set(Key(pick.Next(hotKeys)), At(offset, timestamp: ~offset), value);
            Volatile.Write(ref writes, writes + 1); // Not Interlocked: that would order the store's writes.
        }

        readers.ForEach(t => t.Join());
        TestContext.Current.SendDiagnosticMessage($"{reads:N0} reads beside {writes:N0} writes");
        Assert.Equal((0, 0, 0), (torn, missing, back));
        Assert.True(writes > MinWrites, "the writer was not busy");
    }
}
