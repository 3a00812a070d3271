using System.Runtime.CompilerServices;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Changes;

namespace KafkaCaching.Tests.Generations;

/// <summary>The store of a generation that has been replaced. A store in memory is not disposed, so no reference to it may
/// remain.</summary>
public sealed class RetiredStoreTests
{
    private readonly InMemoryTopic _topic = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_was_replaced_is_collected()
    {
        await using var cache = await ReadyAsync();
        var old = StoreOf(cache);
        await ReplaceAsync(cache);
        await CollectedAsync(old);
    }

    [Fact]
    public async Task A_watch_that_began_before_a_rebuild_keeps_no_replaced_store()
    {
        await using var cache = await ReadyAsync();
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Initial a: - > 1", "Ready"], await watch.NextAsync(2));
        var old = StoreOf(cache);
        await ReplaceAsync(cache);
        Assert.Equal(["Removed a: 1 > - rebuilt", "Set b: - > 1"], await watch.NextAsync(2));
        await CollectedAsync(old);
    }

    [Fact]
    public async Task A_watch_that_is_not_read_keeps_no_replaced_store()
    {
        await using var cache = await ReadyAsync();
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Initial a: - > 1", "Ready"], await watch.NextAsync(2));
        var old = StoreOf(cache);
        await ReplaceAsync(cache);
        await CollectedAsync(old);
        Assert.Equal(["Removed a: 1 > - rebuilt", "Set b: - > 1"], await watch.NextAsync(2));
    }

    private async Task<KafkaCache<string, string>> ReadyAsync()
    {
        _topic.Produce("a", "1");
        var cache = _topic.CreateCache<string, string>();
        await _topic.SettleAsync(Token);
        return cache;
    }

    private async Task ReplaceAsync(KafkaCache<string, string> cache)
    {
        _topic.Recreate();
        await _topic.SettleAsync(Token);
        _topic.Produce("b", "1");
        await _topic.SettleAsync(Token);
        Assert.Equal((2, 1), (cache.Status.Generation, cache.Status.Entries));
    }

    // Ensures that no local variable of a test refers to the store.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StoreOf(KafkaCache<string, string> cache) => new(cache.Parts.Replay.State.Current!.Store);

    // The store may still be in use, because the changes made by a rebuild are computed on another thread.
    private static Task CollectedAsync(WeakReference store) => Eventually.TrueAsync(() =>
    {
        GC.Collect();
        return !store.IsAlive;
    });
}
