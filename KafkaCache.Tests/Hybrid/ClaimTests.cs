using KafkaCaching.Hybrid.Claims;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>One run of a factory for several pods.</summary>
public sealed class ClaimTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly InMemoryTopic _topic;

    public ClaimTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_pods_that_miss_at_once_run_one_factory()
    {
        var pods = await PodsAsync(10);
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        var calls = pods.Select(pod => pod.Cache.GetOrCreateAsync(
            "k",
            async stop =>
            {
                Interlocked.Increment(ref runs);
                return await source.Task.WaitAsync(stop);
            },
            cancellationToken: Token).AsTask()).ToArray();
        await WaitForAsync(() => _topic.Records.Count >= 10 || Volatile.Read(ref runs) > 0);
        await _topic.SettleAsync(Token);
        source.SetResult("v");
        Assert.All(await Task.WhenAll(calls), static value => Assert.Equal("v", value));
        Assert.Equal(1, runs);
        // A pod whose call begins after the fill gets a hit.
        Assert.Equal(9, pods.Sum(static pod => pod.Cache.Parts.Counts.Requests.Total(RequestOutcome.Claimed)
            + pod.Cache.Parts.Counts.Requests.Total(RequestOutcome.Hit)));
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_whose_holder_does_not_end_runs_its_own_factory_after_ClaimTimeout()
    {
        var pods = await PodsAsync(1);
        await using var pod = pods[0];
        var codec = new RecordCodec();
        var claim = codec.Serialize(
            new StoredRecord(RecordKind.Claim, default) { SetNumber = 7 }, Confluent.Kafka.SerializationContext.Empty);
        _topic.ProduceBytes(System.Text.Encoding.UTF8.GetBytes(RecordKeys.OfClaim("k")), claim);
        await _topic.SettleAsync(Token);
        var call = pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token).AsTask();
        await WaitForAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return call.IsCompleted;
        });
        Assert.Equal("v", await call);
        Assert.True(_clock.GetUtcNow() - Start >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_claim_that_can_t_be_written_does_not_hold_up_the_factory()
    {
        var pods = await PodsAsync(1);
        await using var pod = pods[0];
        _topic.FailPuts();
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
    }

    [Fact]
    public async Task A_failed_factory_ends_the_claim_and_the_other_pod_runs_its_own()
    {
        var pods = await PodsAsync(2);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pods[0].Cache.GetOrCreateAsync<string>(
            "k", static _ => throw new InvalidOperationException("away"), cancellationToken: Token));
        Assert.Equal("v", await pods[1].Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task A_mutable_value_of_another_pod_comes_back_as_a_new_instance_to_every_caller()
    {
        var pods = await PodsAsync(2);
        var source = new TaskCompletionSource<List<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = pods[0].Cache.GetOrCreateAsync("k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask();
        await WaitForAsync(() => _topic.Records.Count == 1);
        await _topic.SettleAsync(Token);
        var calls = Enumerable.Range(0, 3).Select(_ => pods[1].Cache.GetOrCreateAsync<List<int>>(
            "k", static _ => throw new InvalidOperationException("not this one"), cancellationToken: Token).AsTask()).ToArray();
        source.SetResult([1]);
        var values = await Task.WhenAll(calls);
        Assert.All(values, static value => Assert.Equal([1], value));
        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count());
        await first;
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_that_found_the_fill_of_an_earlier_one_leaves_it_to_the_next()
    {
        var pods = await PodsAsync(2);
        await pods[0].Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token);
        await WaitForAsync(() => _topic.Records.Count == 3);
        var second = await ClaimedAsync(pods[1]);
        Assert.True(second.IsFilled);
        await pods[1].Cache.Parts.Claims!.EndAsync("k", second, Task.FromResult<CachePosition?>(null));
        var third = await ClaimedAsync(pods[0]);
        Assert.True(third.IsFilled);
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task The_first_claim_in_the_log_holds_until_its_end_or_its_deadline()
    {
        var table = new ClaimTable(TimeSpan.FromSeconds(10));
        var second = table.Ask(2);
        table.Apply("k", Claim(1), Start);
        table.Apply("k", Claim(2), Start + TimeSpan.FromSeconds(9));
        Assert.Equal(1, (await second).Number);
        Assert.Equal(1, table.HolderOf("k", Start + TimeSpan.FromSeconds(9))!.Number);
        Assert.Null(table.HolderOf("k", Start + TimeSpan.FromSeconds(10)));
        table.Apply("k", Claim(3), Start + TimeSpan.FromSeconds(10));
        var third = table.HolderOf("k", Start + TimeSpan.FromSeconds(10))!;
        Assert.Equal(3, third.Number);
        table.Apply("k", ClaimEnds.Of(1, new CachePosition(0, 1)), Start);
        Assert.False(third.Ended.IsCompleted);
        table.Apply("k", ClaimEnds.Of(3, new CachePosition(2, 5)), Start);
        Assert.Equal(new CachePosition(2, 5), await third.Ended);
    }

    [Fact]
    public async Task A_claim_after_an_end_knows_the_fill_that_was_stored()
    {
        var table = new ClaimTable(TimeSpan.FromSeconds(10));
        table.Apply("k", Claim(1), Start);
        table.Apply("k", ClaimEnds.Of(1, new CachePosition(2, 5)), Start);
        Assert.Null(table.HolderOf("k", Start));
        var asked = table.Ask(2);
        table.Apply("k", Claim(2), Start + TimeSpan.FromSeconds(1));
        var holder = await asked;
        Assert.Equal((2, new CachePosition(2, 5)), (holder.Number, holder.FillBefore));
    }

    // Retries, because a pod that has not applied the end of the previous claim waits for it and makes no claim of its own.
    private static async Task<ClaimOutcome> ClaimedAsync(HybridPod pod)
    {
        while (true)
        {
            var outcome = await pod.Cache.Parts.Claims!.EnterAsync("k", Token);
            if (outcome.Number != 0)
                return outcome;
        }
    }

    private static StoredRecord Claim(long number) => new(RecordKind.Claim, default) { SetNumber = number };

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // A pod makes claims only while it watches claims, and it starts to watch them slightly after it becomes ready.
    private async Task<HybridPod[]> PodsAsync(int count)
    {
        var pods = new List<HybridPod>();
        for (var i = 0; i < count; i++)
        {
            var pod = await HybridPod.ReadyAsync(_topic, _clock, static options => options.OneFactoryAcrossPods = true);
            await WaitForAsync(() => pod.Cache.Cache.Status.Watchers == 1 && pod.Cache.Parts.Claims!.IsWatching);
            pods.Add(pod);
        }

        return [.. pods];
    }
}
