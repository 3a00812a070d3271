using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Replay;

/// <summary>Random histories of good, bad and deleted records in three partitions. A store with FASTER and a dictionary must have the same
/// content.</summary>
public sealed class RandomHistoryTests
{
    [Theory]
    [InlineData(RecordErrorPolicy.Skip, false)]
    [InlineData(RecordErrorPolicy.Skip, true)]
    [InlineData(RecordErrorPolicy.Quarantine, false)]
    [InlineData(RecordErrorPolicy.Quarantine, true)]
    public void Both_stores_hold_the_same_after_every_batch(RecordErrorPolicy policy, bool resolves)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var faster = new MemoryReplay<string, long>(Configure);
        using var dictionary = new MemoryReplay<string, long>(Configure, static () => new DictionaryStateStore());
        var offsets = new long[3];
        var time = 0L;

        for (var round = 0; round < 300; round++)
        {
            var batch = new SourceRecord[random.Next(1, 30)];
            for (var i = 0; i < batch.Length; i++)
            {
                var partition = random.Next(3);
                var value = random.Next(8) switch
                {
                    0 or 1 => null,
                    2 => "bad",
                    3 => "",
                    _ => new string((char)random.Next(1, 20), 8),
                };
                var key = random.Next(40) == 0 ? null : $"k{random.Next(30)}";
                batch[i] = Records.Of(key, value, offsets[partition]++, partition, time += random.Next(-3, 6));
            }

            faster.Apply(batch);
            dictionary.Apply(batch);

            Assert.Equal(
                dictionary.Content().OrderBy(static p => p.Key, StringComparer.Ordinal),
                faster.Content().OrderBy(static p => p.Key, StringComparer.Ordinal));
            Assert.Equal(
                (dictionary.RecordErrors, dictionary.KeysSeenInTwoPartitions), (faster.RecordErrors, faster.KeysSeenInTwoPartitions));
            Assert.Equal(offsets, faster.Positions.Partitions.ToArray().Select(static p => p.Position));
            for (var key = 0; key < 31; key++)
                Assert.Equal(Outcome(dictionary, $"k{key}"), Outcome(faster, $"k{key}"));
        }

        Assert.True(faster.RecordErrors > 0 && faster.KeysSeenInTwoPartitions > 0);

        void Configure(KafkaCacheOptions<string, long> o)
        {
            o.OnRecordError = policy;
            if (resolves)
            {
                o.Resolver = static (in CacheRecord record, ICacheUpdates<string, long> updates) =>
                {
                    updates.Set(record.ReadKey<string>(), record.Offset);
                    updates.Set($"k{record.ReadValue<long>() % 7}", record.Offset); // Sometimes, another record yields this key too.
                };
            }
        }
    }

    private static string Outcome(MemoryReplay<string, long> cache, string key)
    {
        try
        {
            return cache.Entry(key)?.ToString() ?? "absent";
        }
        catch (RecordErrorException error)
        {
            return error.Message;
        }
    }
}
