using System.Diagnostics;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>Brings a cache into a state, waits for it in every way, and disposes of it after a random time.</summary>
internal sealed class DisposeMoment
{
    public enum State
    {
        Starting,
        Replaying,
        Serving,
        Rebuilding,
        BrokerUnanswering,
        BrokerDown,
        NobodyListens,
        TopicMissing,
        Faulted,
        InSlowResolver,
        InStuckResolver,
    }

    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(10);

    private readonly State _state;
    private readonly Random _random;
    private readonly string _name;
    private readonly TaskCompletionSource _stuck = new();

    public DisposeMoment(int number, int seed)
    {
        _random = new Random(seed);
        _state = Enum.GetValues<State>()[number % Enum.GetValues<State>().Length];

        // Linux truncates a thread's name to 15 characters: "KafkaCache " and the first four of this name.
        _name = $"z{number:x3} {_state}";
    }

    public string ThreadName => $"KafkaCache {_name}"[..15];

    public override string ToString() => $"{_name}";

    /// <returns>The duration of Dispose, and the outcomes of all waits.</returns>
    public async Task<(TimeSpan Took, IReadOnlyList<Outcome> Outcomes)> RunAsync(EmbeddedBroker shared, TestKafka kafka)
    {
        // States that disturb the broker or the topic use their own broker.
        var breaks = _state is State.Rebuilding or State.BrokerUnanswering or State.BrokerDown;
        using var own = breaks ? EmbeddedBroker.Start() : null;
        using var ownKafka = own is null ? null : new TestKafka(own.BootstrapServers);
        var broker = own ?? shared;
        var topic = TestKafka.UniqueTopic("dispose");
        if (_state != State.TopicMissing)
        {
            broker.CreateTopic(topic, partitions: 2);
            await ProduceAsync(ownKafka ?? kafka, topic);
        }

        var cache = KafkaCache.Create(Options(broker.BootstrapServers, topic));
        try
        {
            await ReachStateAsync(cache, broker, topic);
            var waiters = new Waiters(cache, _random);
            Pass(TimeSpan.FromMilliseconds(_random.Next(_state == State.Starting ? 40 : 400)));
            var start = Stopwatch.GetTimestamp();
            await DisposeAsync(cache).WaitAsync(DisposeLimit, TestContext.Current.CancellationToken);
            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
            return (took, await waiters.OutcomesAsync());
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"{this}: {failed.Message}", failed);
        }
        finally
        {
            _stuck.TrySetResult();
            await cache.DisposeAsync();
        }
    }

    private KafkaCacheOptions<string, string> Options(string servers, string topic)
    {
        var options = TestOptions.For(_state == State.NobodyListens ? "127.0.0.1:1" : servers, topic);
        options.Name = _name;
        options.StaleAfter = TimeSpan.FromSeconds(1);
        options.ReadyTimeout = options.PutTimeout = options.ApplyTimeout = TimeSpan.FromMinutes(5);
        options.Store.MemoryBudget = 16 << 20;
        if (_state == State.Faulted)
            options.ValidateRecord = static (in CacheRecord record) => record.Offset < 10;
        if (_state == State.Replaying)
            options.ValidateRecord = static (in CacheRecord record) => Pass(TimeSpan.FromMilliseconds(1));
        if (_state == State.InSlowResolver)
            options.ValidateRecord = static (in CacheRecord record) => Pass(TimeSpan.FromMilliseconds(250));
        if (_state == State.InStuckResolver)
        {
            options.ValidateRecord = (in CacheRecord _) =>
            {
                _stuck.Task.Wait();
                return true;
            };
        }

        return options;
    }

    private async Task ReachStateAsync(KafkaCache<string, string> cache, EmbeddedBroker broker, string topic)
    {
        switch (_state)
        {
            case State.Serving:
                await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
                break;
            case State.Rebuilding:
                await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
                broker.DeleteTopic(topic);
                broker.CreateTopic(topic, partitions: 2);
                break;
            case State.BrokerUnanswering:
                await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
                broker.SetRoundTripTime(TimeSpan.FromMinutes(1));
                break;
            case State.BrokerDown:
                await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
                broker.SetBrokerDown();
                break;
            case State.Faulted when _random.Next(2) == 0:
                await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
                break;
        }
    }

    private async Task DisposeAsync(KafkaCache<string, string> cache)
    {
        switch (_random.Next(4))
        {
            case 0:
                await Task.Factory.StartNew(cache.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                break;
            case 1:
                await cache.DisposeAsync();
                break;
            case 2:
                await cache.DisposeAsync();
                cache.Dispose();
                await cache.DisposeAsync();
                break;
            default:
                await Task.WhenAll(
                    Enumerable.Range(0, 3).Select(
                        _ =>
                            Task.Factory.StartNew(
                                cache.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
                break;
        }
    }

    // Spins, because the resolution of timers is too low for short times.
    private static bool Pass(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        return SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) > time, Timeout.Infinite);
    }

    private static async Task ProduceAsync(TestKafka kafka, string topic) =>
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, 400).Select(static i => TestRecord.Of($"k{i}", "v") with { Partition = i % 2 }));

    internal sealed record Outcome(string Of, string What);
}
