using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>Whatever a cache is doing when it is disposed, it must not cause <see cref="TaskScheduler.UnobservedTaskException"/>. The event
/// is process-wide, so these tests don't run in parallel with others.</summary>
[Collection(nameof(UnobservedTests))]
public sealed class UnobservedTests
{
    // The longest time after which an abandoned request ends with an error: the request's timeout, and some time to process it.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(12);

    private enum Phase
    {
        Silent,
        Refused,
        Mismatched,
        TopicMissing,
        Starting,
        Replaying,
        Ready,
        Stale,
        Faulted,
        Putting,
    }

    [Fact]
    [Trait("Category", "Long")]
    public Task Forty_disposals_in_every_phase() => NothingIsUnobservedAsync(40);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Two_hundred_disposals_in_every_phase() => NothingIsUnobservedAsync(200);

    private static async Task NothingIsUnobservedAsync(int disposals)
    {
        Collect(); // Discards the unobserved tasks of earlier tests.
        using var heard = new Heard();
        using var broker = EmbeddedBroker.Start();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        broker.CreateTopic("t", partitions: 2);
        using (var kafka = new TestKafka(broker.BootstrapServers))
            await kafka.ProduceAsync(
                "t", Enumerable.Range(0, 400).Select(static i => TestRecord.Of($"k{i}", "v") with { Partition = i % 2 }));

        var silentAddress = $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        await Parallel.ForEachAsync(
            Enumerable.Range(0, disposals),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) => await OnceAsync((Phase)(number % Enum.GetValues<Phase>().Length), number, broker, silentAddress));

        // Waits until the abandoned requests have ended, for which there is no signal.
        await Task.Delay(Aftermath, TestContext.Current.CancellationToken);
        Collect();
        Assert.Empty(heard.Exceptions.Select(static one => one.ToString()));
    }

    private static async Task OnceAsync(Phase phase, int number, EmbeddedBroker broker, string silentAddress)
    {
        using var own = phase == Phase.Stale ? EmbeddedBroker.Start() : null;
        own?.CreateTopic("t");
        var cache = KafkaCache.Create(Options(phase, (own ?? broker).BootstrapServers, silentAddress));
        if (phase is Phase.Ready or Phase.Stale or Phase.Putting)
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        if (phase == Phase.Faulted)
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        own?.SetBrokerDown();
        if (phase == Phase.Stale)
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stale);

        // The tasks are deliberately not observed.
        _ = cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        _ = cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000_000), TestContext.Current.CancellationToken);
        if (phase == Phase.Putting)
        {
            for (var i = 0; i < 20; i++)
                _ = cache.PutAsync($"p{i}", "v", (PutWait)(i % 2), TestContext.Current.CancellationToken);
            _ = cache.RemoveAsync("p", PutWait.Applied, TestContext.Current.CancellationToken);
            _ = cache.PutManyAsync([new("m", "v")], PutWait.Applied, TestContext.Current.CancellationToken);
        }

        // The delay varies from zero to more than the timeout of the first request.
        await Task.Delay(
            TimeSpan.FromMilliseconds(phase <= Phase.Starting ? number * 97 % 4_000 : number % 50), TestContext.Current.CancellationToken);
        await cache.DisposeAsync();
    }

    private static KafkaCacheOptions<string, string> Options(Phase phase, string servers, string silentAddress)
    {
        var options = TestOptions.For(
            phase switch { Phase.Silent => silentAddress, Phase.Refused => "127.0.0.1:1", _ => servers },
            phase == Phase.TopicMissing ? "missing" : "t");
        options.StaleAfter = TimeSpan.FromSeconds(1);
        options.Store.MemoryBudget = 16 << 20;
        if (phase == Phase.Mismatched)
        {
            options.Client = new ClientConfig
            {
                SecurityProtocol =
                    SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.Plain, SaslUsername = "u", SaslPassword = "p",
            };
        }

        if (phase == Phase.Faulted)
            options.ValidateRecord = static (in CacheRecord record) => record.Offset < 10;
        if (phase == Phase.Replaying)
            options.ValidateRecord = static (in CacheRecord record) =>
                SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(1)) || record.Offset >= 0;
        return options;
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private sealed class Heard : IDisposable
    {
        public Heard() => TaskScheduler.UnobservedTaskException += OnUnobserved;

        public ConcurrentQueue<Exception> Exceptions { get; } = new();

        public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

        private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved) => Exceptions.Enqueue(unobserved.Exception);
    }
}

/// <summary>Disables running in parallel with other tests.</summary>
[CollectionDefinition(nameof(UnobservedTests), DisableParallelization = true)]
public sealed class Unobserved;
