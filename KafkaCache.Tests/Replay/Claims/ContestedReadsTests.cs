using System.Text;
using KafkaCaching.Encodings;
using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A key that changes hands all the time and never is nobody's: a reader beside the replay finds it each time.</summary>
public sealed class ContestedReadsTests
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_somebody_always_yields_is_found_whoever_has_it(bool reusesInstances)
    {
        var instances = new InstanceTable<string>();
        using var faster = StoreTesting.NewStore();
        IStateStore store = reusesInstances ? new InstanceClearingStore(faster, instances) : faster;
        var applier = Applier(store);
        Apply(applier, 0, "a", "x=a");

        using var stop = new CancellationTokenSource();
        using var reading = new ManualResetEventSlim();
        var reader = Task.Factory.StartNew(
            () =>
            {
                var reads = 0L;
                for (; !stop.IsCancellationRequested; reads++)
                {
                    using var x = store.Read("x"u8);
                    Assert.True(x.Found, "nobody has it");
                    Assert.Equal("x"u8[0], x.Value[0]);
                    reading.Set();
                }

                return reads;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        reading.Wait(TestContext.Current.CancellationToken);

        // One of two claims it always: the other takes it, gives it back, and the first then moves to another partition with it.
        for (var i = 1; i <= Rounds; i++)
        {
            var time = i * 10;
            Apply(applier, time, "b", "x=b");
            Apply(applier, time + 1, "b", i % 2 == 0 ? null : "y=b");
            Apply(applier, time + 2, "a", "x=a", partition: i % 3);
        }

        await stop.CancelAsync();
        Assert.True(await reader > 0);
        Assert.Equal(0, applier.ContestedKeys);
    }

    private static RecordApplier Applier(IStateStore store)
    {
        var options = new KafkaCacheOptions<string, string>
        {
            Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
            {
                var pair = record.ReadValue<string>();
                updates.Set(pair[..1], pair);
            },
        };
        return RecordRules<string, string>.Of(options, Codecs.ForKey<string>(null, null, "x"), Codecs.ForValue<string>(null, null, null, "x")).CreateApplier(store);
    }

    private static void Apply(RecordApplier applier, int at, string key, string? value, int partition = 0) =>
        applier.Apply(Records.Of(Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), at, partition, at));
}
