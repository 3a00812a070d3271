using System.Buffers;
using KafkaCaching.Options;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>A type of values, with a sample value whose members all differ from their defaults.</summary>
public abstract class ValueShape
{
    /// <summary>The faults that validation reports for a cache of such values.</summary>
    public abstract IReadOnlyList<string> Faults();

    /// <summary>Puts the value into a cache, and asserts that an equal value is read back, and that its bytes are the same after a second
    /// put.</summary>
    public abstract Task AssertRoundTripAsync(EmbeddedBrokerFixture embedded);
}

public sealed class ValueShape<T>(
    T value, Func<T, object?>? seen = null, Action<KafkaCacheOptions<string, T>>? configure = null) : ValueShape
{
    public override IReadOnlyList<string> Faults() => OptionsValidation.Validate(Options("localhost:9092", "topic"));

    public override async Task AssertRoundTripAsync(EmbeddedBrokerFixture embedded)
    {
        await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, embedded.CreateTopic()));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k", value, PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.True(cache.TryGet("k", out var back));
        Assert.Equivalent(Seen(value), Seen(back), strict: true);

        // The order of collections must be the same too, which the comparison above does not check.
        await cache.PutAsync("again", back, PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal(BytesOf(cache, "k"), BytesOf(cache, "again"));
    }

    private static byte[] BytesOf(KafkaCache<string, T> cache, string key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Assert.True(cache.TryGetBytes(key, bytes));
        return bytes.WrittenSpan.ToArray();
    }

    private object? Seen(T one) => seen is null ? one : seen(one);

    private KafkaCacheOptions<string, T> Options(string bootstrapServers, string topic)
    {
        KafkaCacheOptions<string, T> options = TestOptions.For<string, T>(bootstrapServers, topic);
        configure?.Invoke(options);
        return options;
    }
}
