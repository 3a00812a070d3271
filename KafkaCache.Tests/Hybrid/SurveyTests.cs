using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Counts of the entries, and of requests.</summary>
public sealed class SurveyTests
{
    private static readonly string[] Odd = ["all", "odd"];
    private static readonly string[] Even = ["all", "even"];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_entries_that_would_be_served_are_counted_and_keys_of_sessions_are_not_named()
    {
        await using var pod = await HybridPod.ReadyAsync(
            new InMemoryTopic(time: _clock), _clock, add: static services => services.AddKafkaDistributedCache("web"));
        for (var i = 1; i <= 10; i++)
            await pod.Cache.SetAsync($"k{i}", new string('v', i), tags: i % 2 == 0 ? Even : Odd, cancellationToken: Token);
        await pod.Services.GetRequiredService<IDistributedCache>().SetAsync("session", [1, 2, 3], Token);

        var before = pod.Cache.Survey(tags: 2, largest: 3, Token);
        await pod.Cache.RemoveByTagAsync("even", Token);
        var after = pod.Cache.Survey(cancellationToken: Token);
        _clock.Advance(TimeSpan.FromSeconds(60));
        var expired = pod.Cache.Survey(cancellationToken: Token);

        Assert.Equal((10, 55, 1), (before.Entries, before.Bytes, before.DistributedEntries));
        Assert.Equal([new SurveyedTag("all", 10, 55), new SurveyedTag("even", 5, 30)], before.Tags);
        Assert.True(before.HasMoreTags);
        Assert.Equal(["k10", "k9", "k8"], before.Largest.Select(static entry => entry.Key));
        Assert.Equal(TimeSpan.FromSeconds(60), before.Largest[0].FreshFor);
        Assert.Equal([new SurveyedTag("all", 5, 25), new SurveyedTag("odd", 5, 25)], after.Tags);
        Assert.False(after.HasMoreTags);
        Assert.Equal((0, 1), (expired.Entries, expired.DistributedEntries));
    }

    [Fact]
    public async Task Statistics_are_those_of_the_metrics()
    {
        await using var pod = await HybridPod.ReadyAsync(new InMemoryTopic(time: _clock), _clock);
        Assert.Null(pod.Cache.Statistics.HitRate);

        for (var i = 0; i < 4; i++)
            await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token);
        await pod.Cache.RemoveAsync("k", Token);

        Assert.Equal((3, 1, 4, 1, 0.75), (pod.Cache.Statistics.Hits, pod.Cache.Statistics.Misses, pod.Cache.Statistics.Requests,
            pod.Cache.Statistics.Invalidations, pod.Cache.Statistics.HitRate));
    }
}
