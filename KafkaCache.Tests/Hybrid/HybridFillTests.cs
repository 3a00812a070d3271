using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Fills with <c>BeginFill</c>, by code that reads the source itself.</summary>
public sealed class HybridFillTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public HybridFillTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fill_finds_what_another_has_stored_meanwhile_until_it_is_invalidated_and_counts_nothing()
    {
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);
        var (one, two) = (pod.Cache.BeginFill("k"), pod.Cache.BeginFill("k"));
        Assert.False(two.TryGet<string>(out _));
        Assert.True(await one.StoreAsync("v", tags: ["t"]));
        Assert.True(two.TryGet<string>(out var found));
        Assert.Equal("v", found);
        await pod.Cache.RemoveByTagAsync("t", Token);
        Assert.False(two.TryGet<string>(out _));
        Assert.Equal(0, pod.Cache.Statistics.Requests);
    }
}
