using System.Text;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hybrid.Openings;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Creates pods that die, and their replacements.</summary>
internal sealed class EfMortals(InMemoryTopic topic, FakeTimeProvider clock, ShopDatabase database, KafkaEfInvalidation invalidation)
{
    private readonly Dictionary<EfPod, GatedLog> _logs = [];
    private readonly List<string> _dead = [];

    /// <summary>Whether commits are announced.</summary>
    public bool Announces => invalidation != KafkaEfInvalidation.AfterCommit;

    public int Deaths => _dead.Count;

    public async Task<EfPod> StartAsync()
    {
        var log = new GatedLog(topic);
        var pod = await EfPod.ReadyAsync(log, clock, database, options => options.Invalidation = invalidation);
        _logs.Add(pod, log);
        return pod;
    }

    /// <summary>Makes a pod write, and makes it die when it puts the marks of the write.</summary>
    /// <returns>The replacement of the pod, or the pod itself if the write put no marks.</returns>
    public async Task<EfPod> ReplaceAsync(EfPod pod, Func<EfPod, Task> write)
    {
        var log = _logs[pod];
        await pod.MarkedAsync();
        log.DieAt("\0tag/");
        await write(pod);
        await pod.MarkedAsync();
        log.Release();
        if (!log.IsDead)
            return pod;
        _dead.Add(pod.Cache.Hybrid.Parts.Openings.Self.EndKey);
        _logs.Remove(pod);
        await pod.DisposeAsync();
        return await StartAsync();
    }

    /// <summary>Advances the clock until the other pods have ended the announcements of the dead pods.</summary>
    public async Task EndAsync()
    {
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var ended = topic.Records.Select(static record => Encoding.UTF8.GetString(record.Key!)).ToHashSet(StringComparer.Ordinal);
            return _dead.TrueForAll(ended.Contains);
        });
        await topic.SettleAsync(TestContext.Current.CancellationToken);
    }
}
