using System.Reflection;
using KafkaCaching.Hybrid.Validity;
using KafkaCaching.Tests.AspNetCore.Status;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The topic state that a hybrid cache tracks.</summary>
public sealed class TopicWatchTests
{
    [Theory]
    [InlineData(CachePhase.Ready, true)]
    [InlineData(CachePhase.Stale, true)]
    [InlineData(CachePhase.Rebuilding, true)]
    [InlineData(CachePhase.Replaying, false)]
    public void A_cache_that_has_been_ready_counts_as_such_before_the_wait_for_it_has_ended(CachePhase phase, bool hasBeenReady)
    {
        using var watch = new TopicWatch(LateWait.In(phase), new FakeTimeProvider());
        Assert.Equal(hasBeenReady, watch.HasBeenReady);
    }
}

/// <summary>A cache whose wait for readiness ends later than its status changes, as on a busy machine. It is not sealed, because
/// DispatchProxy derives a class from it.</summary>
public class LateWait : DispatchProxy
{
    private CacheStatus _status = null!;

    public static IKafkaCache In(CachePhase phase)
    {
        var proxy = Create<IKafkaCache, LateWait>();
        ((LateWait)proxy)._status = Statuses.Empty(phase);
        return proxy;
    }

    public static void Rebuilt(IKafkaCache cache)
    {
        var proxy = (LateWait)cache;
        proxy._status = proxy._status with { Rebuilds = proxy._status.Rebuilds + 1 };
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IKafkaCache.WaitUntilReadyAsync) => new TaskCompletionSource().Task,
        "get_Status" => _status,
        var other => throw new NotSupportedException(other),
    };
}
