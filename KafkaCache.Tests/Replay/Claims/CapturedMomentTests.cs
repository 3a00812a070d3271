using System.Text;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>Entries and claims are captured as of the same moment, even if later records make entries of earlier records visible
/// again.</summary>
public sealed class CapturedMomentTests
{
    private const int Partitions = 8;

    [Fact]
    public void Claim_that_wins_again_during_the_capture_is_not_the_entry_of_the_moment()
    {
        using var store = StoreTesting.NewStore();
        using var cache = new ClaimCache(RecordErrorPolicy.Fail, store);
        cache.Apply(new ClaimRecord(0, 0, 1, "x", "a=first"));
        cache.Apply(new ClaimRecord(0, 1, 2, "y", "a=second"));
        AssertMoment(store, [2], () => cache.Apply(new ClaimRecord(0, 2, 3, "y", null)));
    }

    [Fact]
    public void Head_that_comes_back_into_force_during_the_capture_yields_no_entry_of_the_moment()
    {
        using var store = StoreTesting.NewStore();
        using var cache = new ClaimCache(RecordErrorPolicy.Fail, store);
        cache.Apply(new ClaimRecord(0, 0, 1, "x", "a=1 b=1"));
        cache.Apply(new ClaimRecord(1, 0, 2, "x", "a=2"));
        AssertMoment(store, [1, 1], () =>
        {
            cache.Apply(new ClaimRecord(1, 1, 0, "x", null));
            Assert.Equal(2, cache.Entries().Count);
            cache.Apply(new ClaimRecord(0, 1, 1, "x", "b=2"));
        });
    }

    [Fact]
    public void Entries_captured_during_histories_are_those_of_the_moment()
    {
        var first = TestSeed.Next();
        for (var i = 0; i < 500; i++)
            Play(first + (ulong)i);
    }

    private static void Play(ulong seed)
    {
        var history = ClaimHistory.Of(seed);
        var random = new Random(seed.GetHashCode() + 2);
        var read = history.ReadLater(random);
        var moment = random.Next(read.Count + 1);
        using var store = StoreTesting.NewStore(expected: 500, maxEntry: 8_100);
        using var cache = new ClaimCache(history.Policy, store);
        var below = new long[Partitions];
        for (var i = 0; i < moment; i++)
        {
            cache.Apply(read[i]);
            below[read[i].Partition] = read[i].Offset + 1;
        }

        var pace = random.Next(1, 8);
        AssertMoment(store, below, step =>
        {
            for (var i = moment; i < read.Count; i++)
            {
                cache.Apply(read[i]);
                if (random.Next(pace) == 0)
                    step();
            }
        });
    }

    private static void AssertMoment(FasterStateStore store, long[] below, Action meanwhile) =>
        AssertMoment(store, below, _ => meanwhile());

    private static void AssertMoment(FasterStateStore store, long[] below, Action<Action> meanwhile)
    {
        var expected = new Dictionary<string, string>();
        using (var scan = store.Scan())
        {
            while (scan.MoveNext())
                expected.Add(Encoding.UTF8.GetString(scan.Key), Text(scan.Metadata, scan.Content));
        }

        using var capture = store.BeginCapture(below)!;
        var captured = new Dictionary<string, string>();
        meanwhile(Step);
        while (capture.MoveNext())
            Take();
        Assert.Equal(CaptureEnd.None, capture.End);
        Assert.Equal(expected.OrderBy(static one => one.Key), captured.OrderBy(static one => one.Key));

        void Step()
        {
            if (capture.MoveNext())
                Take();
        }

        void Take()
        {
            foreach (var entries in (PackedEntries[])[capture.Group, capture.Early])
            {
                for (var i = 0; i < entries.Count; i++)
                {
                    PackedEntry.Read(entries[i], out var key, out var metadata, out var content);
                    Assert.True(captured.TryAdd(Encoding.UTF8.GetString(key), Text(metadata, content)), "A key came twice.");
                }
            }
        }
    }

    private static string Text(in EntryMetadata metadata, ReadOnlySpan<byte> content) => $"{metadata} {Convert.ToHexString(content)}";
}
