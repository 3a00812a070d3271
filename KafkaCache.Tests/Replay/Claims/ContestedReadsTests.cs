using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Options;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Store;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>The record that yields a key changes continuously, but there is always one. A concurrent reader must find the key each
/// time.</summary>
public sealed class ContestedReadsTests
{
    private const int Rounds = 20_000;

    private static readonly Codec<string> Keys = Codecs.ForKey<string>(null, null, "contested");
    private static readonly Codec<string> Values = Codecs.ForValue<string>(null, null, null, "contested");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_somebody_always_yields_is_always_found(bool reusesInstances)
    {
        using var faster = StoreTesting.NewStore();
        var instances = reusesInstances ? new InstanceTable<string>() : null;
        faster.Observer = instances is null ? null : new EntryObserver(instances);
        var applier = Applier(faster);
        var reader = Reader(faster, instances, applier);
        Apply(applier, 0, "a", "x of a");

        using var stop = new CancellationTokenSource();
        using var reading = new ManualResetEventSlim();
        var reads = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.True(reader.TryGet("x", out var x), "Nobody has it.");
                    Assert.StartsWith("x of ", x.Value, StringComparison.Ordinal);
                    reading.Set();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        reading.Wait(TestContext.Current.CancellationToken);

        // Record b yields the key instead of a, then no longer yields it, and a moves to another partition.
        for (var i = 1; i <= Rounds; i++)
        {
            Apply(applier, i * 10, "b", "x of b");
            Assert.Equal("x of b", reader.TryGet("x", out var taken) ? taken.Value : "");
            Apply(applier, (i * 10) + 1, "b", i % 2 == 0 ? null : "y of b");
            Assert.Equal("x of a", reader.TryGet("x", out var back) ? back.Value : "");
            Apply(applier, (i * 10) + 2, "a", "x of a", partition: i % 3);
        }

        await stop.CancelAsync();
        await reads;
        Assert.Equal(0, applier.ContestedKeys);
    }

    private static RecordApplier Applier(IStateStore store)
    {
        var options = new KafkaCacheOptions<string, string>
        {
            Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
            {
                var value = record.ReadValue<string>();
                updates.Set(value[..1], value);
            },
        };
        return options.ForRecords(Keys, Values).CreateApplier(store);
    }

    private static EntryReader<string, string> Reader(IStateStore store, InstanceTable? instances, RecordApplier applier)
    {
        var positions = new Positions([new PartitionProgress(0, 0, 0, 0)]);
        var state = new CacheState("contested", default);
        state.Build(
            new Generation(
                1, new TopicShape("", positions.Count), store, instances, applier, positions, new Moment(TimeProvider.System)));
        state.Serve(TimeSpan.Zero);
        return new EntryReader<string, string>(state, Keys, Values, TimeProvider.System);
    }

    private static void Apply(RecordApplier applier, int at, string key, string? value, int partition = 0) =>
        applier.Apply(Records.Of(Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), at, partition, at));
}
