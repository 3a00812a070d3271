using KafkaCaching.Changes;
using KafkaCaching.Clients;
using KafkaCaching.Generations;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Logs;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations;

/// <summary>A replaced consumer whose disposal does not end, as librdkafka's destroy may hang.</summary>
public sealed class ReplacedConsumerTests : IDisposable
{
    private const int LeftBehind = 250;
    private const int Records = 10;

    private readonly ManualResetEventSlim _letGo = new();

    public void Dispose() => _letGo.Set();

    [Fact]
    public async Task The_replay_continues_with_the_next_one_and_the_first_is_abandoned_logged_and_counted()
    {
        var log = new ListLogger();
        var ends = new ClientEnds("users", TimeProvider.System);
        ends.LogTo(log);
        var state = new CacheState("users", default);
        using var supervisor = Start(state, ends, log, new Broken(_letGo), new Whole());

        // The limit is much shorter than the time for which the first consumer's disposal is awaited.
        await state.Ready.Task.WaitAsync(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.Equal(Records, supervisor.Totals.Records);
        Assert.Equal(1, supervisor.Totals.ConsumerRecreations);

        // The consumer is counted before it is logged.
        await Eventually.TrueAsync(() => log.Lines.Any(static line => line.Id == LeftBehind));
        Assert.Equal(1, ends.LeftBehind);
        Assert.Single(log.Lines, static line => line.Id == LeftBehind);
    }

    [Fact]
    public async Task One_that_can_t_be_opened_is_tried_again()
    {
        var log = new ListLogger();
        var state = new CacheState("users", default);
        using var supervisor = Start(state, new ClientEnds("users", TimeProvider.System), log, null, null, new Whole());

        await state.Ready.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(Records, supervisor.Totals.Records);
    }

    private static Supervisor Start(CacheState state, ClientEnds ends, ListLogger log, params IRecordSource?[] opened)
    {
        var sources = new Queue<IRecordSource?>(opened);
        var parts = new ReplayParts(
            OpenTopic: static () => new Topic(),
            OpenSource: (_, _) => sources.Dequeue(),
            CloseSource: ends.Begin,
            CreateStore: static records => new FasterStateStore(new StoreSettings(16 << 20, SpillDirectory: null, records, "users")),
            CreateInstances: static () => null,
            CreateIndexer: static _ => null,
            CreateApplier: static (store, _) => new ByteApplier(store),
            Traced: TracedApplies.Of("users", log));
        var supervisor = new Supervisor(
            parts, new SupervisorSettings("users", "users", TimeSpan.FromSeconds(30), TimeProvider.System), state, new PositionWaiters(),
            new ChangeFeed("users"), new RecordErrorSettlement("users", RecordErrorPolicy.Fail, log, TimeProvider.System), log);
        supervisor.Start();
        return supervisor;
    }

    private sealed class Topic : ITopic
    {
        public Task<TopicShape> DescribeAsync() => Task.FromResult(new TopicShape("id", 1));

        public Task<LogRange[]> ListRangesAsync(int partitions) => Task.FromResult<LogRange[]>([new(0, Records, Records)]);

        public Task<LogEnd[]> ListEndsAsync(int partitions) => Task.FromResult<LogEnd[]>([new(Records, Records)]);

        public Task<TopicPolicy> PolicyAsync() => Task.FromResult(new TopicPolicy("compact", DeleteRetention: null));

        public void Dispose()
        {
        }
    }

    private sealed class Broken(ManualResetEventSlim letGo) : Source
    {
        public override RecordBatch Take(TimeSpan wait)
        {
            Batch.Clear();
            Batch.AddError(new SourceError(SourceErrorAction.Reopen, -1, -1, "beyond use"));
            return Batch;
        }

        public override void Dispose() => letGo.Wait();
    }

    private sealed class Whole : Source
    {
        private readonly ManualResetEventSlim _woken = new();
        private bool _taken;

        public override RecordBatch Take(TimeSpan wait)
        {
            Batch.Clear();
            if (_taken)
            {
                _woken.Wait(wait);
                return Batch;
            }

            _taken = true;
            for (var i = 0; i < Records; i++)
                Batch.Add(new SourceRecord(0, i, i, [(byte)i], [1], headers: null));
            return Batch;
        }

        public override void Wake() => _woken.Set();

        public override void Dispose() => _woken.Dispose();
    }

    private abstract class Source : IRecordSource
    {
        public RecordSourceKind Kind => RecordSourceKind.None;

        protected RecordBatch Batch { get; } = new(Records);

        public abstract RecordBatch Take(TimeSpan wait);

        public virtual void Wake()
        {
        }

        public long NextOffset(int partition) => -1;

        public long HighWatermark(int partition) => -1;

        public abstract void Dispose();
    }
}
