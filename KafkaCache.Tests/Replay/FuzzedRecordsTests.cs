using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

/// <summary>Random keys and values, and valid records with mutated bytes. The result must be the same whether the history is replayed, read
/// as the tail or applied without Kafka, and every record that is not an error must be read as its bytes.</summary>
public sealed class FuzzedRecordsTests(EmbeddedBrokerFixture embedded)
{
    private const int Records = 1_500;

    private static readonly JsonSerializerOptions WithInfinity = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, MaxDepth = 100,
    };

    private readonly ulong _seed = TestSeed.Next();

    public sealed record Thing(int Size, string? Text = null, Thing? Inner = null, IReadOnlyDictionary<string, double>? Numbers = null);

    [Theory]
    [InlineData(RecordErrorPolicy.Skip, false)]
    [InlineData(RecordErrorPolicy.Quarantine, false)]
    [InlineData(RecordErrorPolicy.Skip, true)]
    [InlineData(RecordErrorPolicy.Quarantine, true)]
    public async Task Replay_tail_and_memory_come_to_the_same(RecordErrorPolicy policy, bool resolves)
    {
        var history = new RecordFuzzer(_seed).Take(Records);
        var topic = embedded.CreateTopic();
        await using var onTail = Start(topic, policy, resolves);
        await onTail.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await embedded.Kafka.ProduceAsync(topic, history);
        await using var onReplay = Start(topic, policy, resolves);
        await onReplay.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await onTail.WaitUntilAppliedAsync(new CachePosition(0, Records - 1), TestContext.Current.CancellationToken);
        using var inMemory = new MemoryReplay<string, Thing>(o => Configure(o, policy, resolves));
        inMemory.Apply([.. history.Select(static (record, offset) => Tests.Replay.Records.Of(record.Key, record.Value, offset))]);

        Assert.Equal(inMemory.RecordErrorsByReason, onReplay.Status.RecordErrorsByReason);
        Assert.Equal(inMemory.RecordErrorsByReason, onTail.Status.RecordErrorsByReason);
        Assert.Equal((Records, Records), (onReplay.Status.RecordsApplied, onTail.Status.RecordsApplied));
        Assert.Equal((inMemory.Count, inMemory.Count), (onReplay.Count, onTail.Count));
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in history.Select(static record => KeyOf(record.Key)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var outcome = Outcome(key, k => inMemory.Entry(k));
            Assert.Equal(outcome, Outcome(key, k => onReplay.TryGetEntry(k, out var entry) ? entry : null));
            Assert.Equal(outcome, Outcome(key, k => onTail.TryGetEntry(k, out var entry) ? entry : null));
            outcomes[outcome.Kind] = outcomes.GetValueOrDefault(outcome.Kind) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Records} records; errors: "
            + string.Join(", ", inMemory.RecordErrorsByReason.Select(static pair => $"{pair.Value} {pair.Key}"))
            + $"; keys: {string.Join(", ", outcomes.Select(static pair => $"{pair.Value} {pair.Key}"))}");
        Assert.Contains(RecordErrorReason.UndecodableKey, inMemory.RecordErrorsByReason);
        Assert.Contains(RecordErrorReason.UndecodableValue, inMemory.RecordErrorsByReason);
        Assert.Contains(RecordErrorReason.MissingKey, inMemory.RecordErrorsByReason);
    }

    private static (string Kind, long Offset, string? Value) Outcome(string key, Func<string, CacheEntry<Thing>?> read)
    {
        try
        {
            return read(key) is { } entry
                ? ("value", entry.Offset, JsonSerializer.Serialize(entry.Value, WithInfinity))
                : ("absent", -1, null);
        }
        catch (RecordErrorException error)
        {
            return ("error", error.Offset, error.Reason.ToString());
        }
    }

    private static string? KeyOf(byte[]? key)
    {
        try
        {
            return key is null ? null : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(key);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static void Configure(KafkaCacheOptions<string, Thing> options, RecordErrorPolicy policy, bool resolves)
    {
        options.OnRecordError = policy;
        options.ValidateRecord = static (in CacheRecord record) => record.ValueBytes.Length % 23 != 3;
        options.ValidateMutation = static (in CacheMutation<string, Thing> mutation) => mutation.Next?.Size != 13;
        if (resolves)
        {
            options.Resolver = static (in CacheRecord record, ICacheUpdates<string, Thing> updates) =>
            {
                var thing = record.ReadValue<Thing>();
                updates.Set(record.ReadKey<string>(), thing);
                if (thing.Size % 20 == 7)
                    updates.Set("shared", thing); // Usually, another record yields this key too.
            };
        }
    }

    private KafkaCache<string, Thing> Start(string topic, RecordErrorPolicy policy, bool resolves) =>
        KafkaCache.Create(TestCaches.Options<string, Thing>(embedded.BootstrapServers, topic, o => Configure(o, policy, resolves)));
}
