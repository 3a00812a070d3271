using System.Globalization;
using System.Text;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Histories;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Expiry;

/// <summary>Applying records does not depend on the clock: caches whose clocks differ have the same content at the same point in
/// time.</summary>
public sealed class ExpiryHistoryTests
{
    private const int Keys = 20;
    private const int Steps = 120;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_caches_whose_clocks_are_a_day_apart_hold_the_fold_through_random_histories()
    {
        var seed = TestSeed.Next();
        for (var i = 0; i < HistoryRuns.CountOr(300); i++)
            Run(new Random(HashCode.Combine(seed, i)));
    }

    private static void Run(Random random)
    {
        using var early = new ClockedStore(Start);
        using var late = new ClockedStore(Start.AddDays(1));
        var fold = new Dictionary<string, (string Value, Deadline Deadline)>();
        var defaultTimeToLive = random.Next(2) == 0 ? TimeSpan.FromHours(random.Next(1, 30)) : (TimeSpan?)null;
        var rules = new ExpiryRule(defaultTimeToLive);
        early.Follow(new EntryRules(rules, headers: null));
        late.Follow(new EntryRules(rules, headers: null));
        for (var offset = 0; offset < Steps; offset++)
        {
            var record = RecordAt(random, offset, early.NowMs);
            var key = Encoding.UTF8.GetString(record.Key);
            if (record.IsTombstone)
                fold.Remove(key);
            else
                fold[key] = (Encoding.UTF8.GetString(record.Value), rules.DeadlineOf(record));
            early.Apply(record);
            late.Apply(record);
            ClockedStore[] both = [early, late];
            if (random.Next(4) == 0)
                both[random.Next(2)].Sweep();
            if (random.Next(4) == 0)
                PassTime(random, both);
            if (random.Next(8) == 0)
                AssertHold(fold, both);
        }

        early.PassTime(TimeSpan.FromDays(1));
        AssertHold(fold, [early, late]);
        Assert.Equal(early.Content(), late.Content());
    }

    private static void PassTime(Random random, ClockedStore[] stores)
    {
        var time = TimeSpan.FromMinutes(random.Next(1, 300));
        foreach (var store in stores)
            store.PassTime(time);
    }

    private static void AssertHold(Dictionary<string, (string Value, Deadline Deadline)> fold, ClockedStore[] stores)
    {
        foreach (var store in stores)
        {
            var expected = fold.Where(one => !one.Value.Deadline.IsPast(store.NowMs)).ToDictionary(
                static one => one.Key, static one => one.Value.Value);
            Assert.Equal(expected, store.Content());
            Assert.Equal(expected.Count, store.Count);
        }
    }

    private static SourceRecord RecordAt(Random random, int offset, long nowMs)
    {
        var key = random.Next(Keys);
        var header = random.Next(2) == 0 ? null : new TimeToLiveHeader(TimeSpan.FromMinutes(random.Next(1, 3_000)));
        return Records.Of(
            $"k{key}", random.Next(6) == 0 ? null : $"v{offset}", offset, key % 3, nowMs - random.Next(10_000_000), header);
    }

    private sealed class TimeToLiveHeader(TimeSpan timeToLive) : IRecordHeaders
    {
        private readonly byte[] _value = Encoding.UTF8.GetBytes(timeToLive.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));

        public bool TryGet(string name, out ReadOnlySpan<byte> value)
        {
            value = name == ExpiryRule.Header ? _value : default;
            return name == ExpiryRule.Header;
        }
    }

    private sealed class ClockedStore : IDisposable
    {
        private readonly FakeTimeProvider _clock;
        private readonly FasterStateStore _store;
        private RecordApplier? _applier;

        public ClockedStore(DateTimeOffset now)
        {
            _clock = new FakeTimeProvider(now);
            _store = new FasterStateStore(new StoreSettings(256 << 10, null, 100, "history") { Time = _clock });
        }

        public long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

        public long Count => _store.Count;

        public void Follow(EntryRules rules) => _applier = new ByteApplier(_store, rules);

        public void Apply(in SourceRecord record) => _applier!.Apply(record);

        public void Sweep() => _store.Sweep(TimeSpan.MaxValue);

        public void PassTime(TimeSpan time) => _clock.Advance(time);

        public Dictionary<string, string> Content()
        {
            var content = new Dictionary<string, string>();
            using var scan = _store.Scan();
            while (scan.MoveNext())
                content.Add(Encoding.UTF8.GetString(scan.Key), Encoding.UTF8.GetString(scan.Value));
            return content;
        }

        public void Dispose() => _store.Dispose();
    }
}
