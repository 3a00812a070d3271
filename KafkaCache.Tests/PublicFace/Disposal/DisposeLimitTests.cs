using System.Diagnostics;
using KafkaCaching.Clients;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Puts;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>Dispose waits for the broker, then for the replay thread, then for the Kafka clients, and none of them may come.</summary>
public sealed class DisposeLimitTests
{
    private const int ReplayThreadStuck = 108;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_ends_within_ten_seconds_though_broker_resolver_and_clients_all_hang()
    {
        using var held = new HeldApply();
        using var clients = new HangingClient();
        await using var own = await OwnBroker.StartAsync(options =>
        {
            held.Hold(options);
            options.PutTimeout = TimeSpan.FromMinutes(5);
        });
        var ends = TestClients.Of(own.Cache.Parts).Ends;

        // The thread's consumer is closed when Dispose has given up the thread.
        ends.LogTo(new ListLogger());
        own.Log.OnLine = id =>
        {
            if (id == ReplayThreadStuck)
                ends.Begin(clients);
        };
        held.Close();
        await own.Cache.PutAsync("held", "v", cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => own.Cache.Status.Partitions[0].Lag > 0);
        own.Broker.SetRoundTripTime(TimeSpan.FromMinutes(1));
        var unanswered = own.Cache.PutAsync("unanswered", "v", cancellationToken: TestContext.Current.CancellationToken);

        var start = Stopwatch.GetTimestamp();
        await own.Cache.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(5), Limit);
        await Assert.ThrowsAsync<PutException>(() => unanswered);
        own.Broker.SetRoundTripTime(TimeSpan.Zero);
    }

    private sealed class HangingClient : IDisposable
    {
        private readonly ManualResetEventSlim _letGo = new();
        private int _isUsed;

        // The first call is that of the ends, and the second that of the test.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isUsed, 1) == 0)
                _letGo.Wait();
            else
                _letGo.Set();
        }
    }
}
