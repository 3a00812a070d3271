using System.Diagnostics;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

public sealed class PutDisposeTests(EmbeddedBrokerFixture embedded)
{
    // The limit for puts that Dispose has ended, to detect one that hangs.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Puts_that_the_broker_never_answers_are_answered_by_Dispose_as_unknown()
    {
        OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromMinutes(5));
        own.Broker.SetRoundTripTime(TimeSpan.FromMinutes(1));
        Task<PutResult>[] puts = [.. Enumerable.Range(0, 50).Select(i => own.Cache.PutAsync($"k{i}", "v", PutWait.Applied))];
        var blocked = new TaskCompletionSource<Exception?>();
        var thread = new Thread(() => blocked.SetResult(Record.Exception(() => own.Cache.Put("blocked", "v"))));
        thread.Start();
        await Eventually.TrueAsync(() => thread.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin));
        var start = Stopwatch.GetTimestamp();

        await own.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        foreach (Task<PutResult> put in puts)
            Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => put.WaitAsync(EndLimit))).Outcome);
        Assert.Equal(PutOutcome.Unknown, Assert.IsType<PutException>(await blocked.Task.WaitAsync(EndLimit)).Outcome);
    }

    [Fact]
    public async Task Puts_in_flight_when_the_broker_is_well_are_flushed()
    {
        var topic = embedded.CreateTopic();
        var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
        // A new producer first has to get its producer ID.
        await cache.PutAsync("warm", "up", cancellationToken: TestContext.Current.CancellationToken);
        Task<PutResult>[] puts = [.. Enumerable.Range(0, 200).Select(i => cache.PutAsync($"k{i}", "v"))];

        await cache.DisposeAsync();

        Assert.Equal(Enumerable.Range(1, 200).Select(static i => (long)i), (await Task.WhenAll(puts)).Select(static put => put.Offset));
        Assert.Equal(201, await embedded.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task Put_that_waits_for_its_apply_is_committed_when_Dispose_ends_the_wait()
    {
        using var held = new HeldApply();
        OwnBroker own = await OwnBroker.StartAsync(held.Hold);
        held.Close();
        Task<PutResult> put = own.Cache.PutAsync("k", "v", PutWait.Applied);
        await own.Cache.PutAsync("acknowledged", "after it");

        Task disposed = own.Cache.DisposeAsync().AsTask();
        PutException ended = await Assert.ThrowsAsync<PutException>(() => put.WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal((PutOutcome.Committed, 1L), (ended.Outcome, ended.Result!.Value.Offset));
        Assert.IsType<ObjectDisposedException>(ended.InnerException);
        held.Open();
        await disposed;
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Put_after_Dispose_is_refused()
    {
        var topic = embedded.CreateTopic();
        var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
        await cache.DisposeAsync();
        cache.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cache.Put("k", "v"));
        Assert.Throws<ObjectDisposedException>(() => cache.Remove("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.PutAsync("k", "v"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.RemoveAsync("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.PutManyAsync([new("k", "v")]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.WaitUntilAppliedAsync(default));
        Assert.Equal(0, await embedded.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task Puts_that_race_with_Dispose_all_end_and_the_log_agrees()
    {
        for (var round = 0; round < 8; round++)
        {
            var topic = embedded.CreateTopic();
            var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
            await cache.WaitUntilReadyAsync();
            var started = 0;
            Task<List<Task<PutResult>>>[] writers = [.. Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
            {
                var puts = new List<Task<PutResult>>();
                while (true)
                {
                    try
                    {
                        puts.Add(cache.PutAsync($"{writer}-{puts.Count}", "v"));
                        Interlocked.Increment(ref started);
                    }
                    catch (ObjectDisposedException)
                    {
                        return puts;
                    }
                }
            }))];
            await Eventually.TrueAsync(() => Volatile.Read(ref started) > 100 * round);

            await cache.DisposeAsync();

            var committed = new List<long>();
            foreach (Task<PutResult> put in (await Task.WhenAll(writers)).SelectMany(static puts => puts))
            {
                try
                {
                    committed.Add((await put.WaitAsync(EndLimit)).Offset);
                }
                catch (PutException ended)
                {
                    Assert.NotEqual(PutOutcome.Committed, ended.Outcome);
                }
                catch (ObjectDisposedException)
                {
                    // The put was never handed over to the producer.
                }
            }

            Assert.Equal(committed.Count, committed.Distinct().Count());
            Assert.True(await embedded.Kafka.EndOffsetAsync(topic, 0) >= committed.Count);
        }
    }

    [Fact]
    public async Task Dispose_ends_soon_with_the_broker_down_and_records_that_never_went_out()
    {
        OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromMinutes(5));
        own.Broker.SetBrokerDown();
        Task<IReadOnlyList<PutAttempt>> puts = own.Cache.PutManyAsync(
            Enumerable.Range(0, 20_000).Select(static i => new KeyValuePair<string, string>($"k{i}", "v")));
        var start = Stopwatch.GetTimestamp();

        await own.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        IReadOnlyList<PutAttempt> attempts = await puts.WaitAsync(EndLimit);
        Assert.Equal(20_000, attempts.Count);
        Assert.All(attempts.Take(10_000), static attempt => Assert.Equal(PutOutcome.Unknown, attempt.Error!.Outcome));
        Assert.All(attempts.Skip(10_000), static attempt => Assert.Equal(PutOutcome.NotCommitted, attempt.Error!.Outcome));
    }
}
