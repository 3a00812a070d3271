using System.Globalization;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A cache that starts from captured claims must behave like the cache from which they were captured.</summary>
public sealed class ClaimsCaptureTests
{
    [Fact]
    public void Cache_continues_from_a_capture_as_the_fold_of_the_log_does_in_two_thousand_histories() => Play(2_000);

    [Fact]
    [Trait("Category", "Soak")]
    public void Cache_continues_from_a_capture_as_the_fold_of_the_log_does_in_a_hundred_thousand_histories() => Play(100_000);

    [Fact]
    public void Capture_that_is_not_taken_in_time_is_given_up_and_the_cache_continues()
    {
        using var cache = new ClaimCache(RecordErrorPolicy.Fail);
        for (var key = 0; key < 100; key++)
            cache.Apply(new ClaimRecord(0, key, 0, $"{key}", "a=1"));
        var capture = cache.Claims.BeginCapture(static () => { }, TimeProvider.System, maxBytes: 256);
        for (var key = 0; key < 100; key++)
            cache.Apply(new ClaimRecord(0, 100 + key, 0, $"{key}", "b=1"));
        Assert.Equal(CaptureEnd.Overrun, capture.End);
        Assert.False(capture.Step());
        Assert.Equal(100, cache.ContestedKeys + cache.Entries().Count + 98);
    }

    [Fact]
    public void Claim_that_is_larger_than_the_room_for_claims_gives_the_capture_up()
    {
        using var cache = new ClaimCache(RecordErrorPolicy.Fail);
        cache.Apply(new ClaimRecord(0, 0, 0, new string('k', 500), "a=1"));
        var capture = cache.Claims.BeginCapture(static () => { }, TimeProvider.System, maxBytes: 256);
        Finish(capture);
        Assert.Equal(CaptureEnd.ClaimsTooLarge, capture.End);
    }

    [Fact]
    public void Step_looks_at_the_clock_after_a_large_head()
    {
        using var cache = new ClaimCache(RecordErrorPolicy.Fail);
        for (var key = 0; key < 60; key++)
            cache.Apply(new ClaimRecord(0, key, 0, new string('k', 20_000) + key, "a=1"));
        using var capture = cache.Claims.BeginCapture(static () => { }, new SlowClock());
        Assert.True(capture.Step());

        var packed = new List<byte[]>();
        Drain(capture, packed);
        Assert.InRange(packed.Count, 1, 10);
    }

    [Fact]
    public async Task Who_waits_for_a_step_wakes_the_replay_thread_and_is_released_by_its_step_or_its_end()
    {
        using var cache = new ClaimCache(RecordErrorPolicy.Fail);
        for (var key = 0; key < 10; key++)
            cache.Apply(new ClaimRecord(0, key, 0, $"{key}", "a=1"));
        using var woken = new SemaphoreSlim(0);
        var capture = cache.Claims.BeginCapture(() => woken.Release(), TimeProvider.System);

        var waiting = Task.Run(() => capture.AwaitStep(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await woken.WaitAsync(TestContext.Current.CancellationToken);
        capture.Step();
        await waiting;
        Finish(capture);
        Assert.True(capture.IsComplete);

        using var another = cache.Claims.BeginCapture(() => woken.Release(), TimeProvider.System);
        waiting = Task.Run(() => another.AwaitStep(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await woken.WaitAsync(TestContext.Current.CancellationToken);
        another.Abort(CaptureEnd.StoreEnded);
        await waiting;
    }

    [Fact]
    public void What_was_not_captured_is_refused()
    {
        using var cache = new ClaimCache(RecordErrorPolicy.Fail);
        cache.Apply(new ClaimRecord(0, 0, 5, "x", "a=1"));
        cache.Apply(new ClaimRecord(0, 1, 4, "y", "a=2 b=3"));
        var capture = cache.Claims.BeginCapture(static () => { }, TimeProvider.System);
        Finish(capture);
        var packed = new List<byte[]>();
        Drain(capture, packed);
        Assert.Equal(3, packed.Count); // Two heads, and one claim that is not in force.

        Assert.True(IsAccepted(packed));
        Assert.False(IsAccepted([.. packed, packed[0]]));
        Assert.False(IsAccepted([.. packed, packed[2]]));
        Assert.False(IsAccepted(packed[1..]));
        Assert.False(IsAccepted(packed[..2]));

        bool IsAccepted(IReadOnlyList<byte[]> claims)
        {
            using var taking = new ClaimCache(RecordErrorPolicy.Fail, cache.CopyStore());
            return TakeOver(taking, claims);
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_taken_over_or_refused()
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var content = new byte[random.Next(24)];
            random.NextBytes(content);
            if (content.Length > 0)
                content[0] = (byte)random.Next(4);
            for (var zero = 1; zero < content.Length; zero++)
                content[zero] = random.Next(3) == 0 ? content[zero] : (byte)random.Next(2);
            using var cache = new ClaimCache(RecordErrorPolicy.Fail);
            refused += cache.Claims.BeginLoad().Add("k"u8, new EntryMetadata(0, 0, 0), content) ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 19_999);
    }

    private static void Play(int count)
    {
        var first = TestSeed.Next();
        var complete = 0;
        for (var i = 0; i < count; i++)
            complete += Play(first + (ulong)i) ? 1 : 0;
        TestContext.Current.TestOutputHelper?.WriteLine($"{complete} of {count} captures were complete.");
        Assert.True(complete > count / 2);
    }

    private static bool Play(ulong seed)
    {
        var history = ClaimHistory.Of(seed);
        var random = new Random(seed.GetHashCode() + 1);
        var read = random.Next(2) == 0 ? history.Written : history.ReadLater(random);
        var moment = random.Next(read.Count + 1);
        using var cache = new ClaimCache(history.Policy);
        for (var i = 0; i < moment; i++)
            cache.Apply(read[i]);
        var store = cache.CopyStore();
        var capture = cache.Claims.BeginCapture(static () => { }, TimeProvider.System, maxBytes: 128 << random.Next(8));
        var packed = new List<byte[]>();
        for (var i = moment; i < read.Count; i++)
        {
            if (random.Next(4) == 0)
                capture.Step();
            if (random.Next(2) == 0)
                Drain(capture, packed);
            cache.Apply(read[i]);
        }

        while (capture.Step())
            Drain(capture, packed);
        Drain(capture, packed);
        Same(cache, read.Count);
        if (!capture.IsComplete || capture.End != CaptureEnd.None)
        {
            store.Dispose();
            return false;
        }

        using var later = new ClaimCache(history.Policy, store);
        Assert.True(TakeOver(later, packed), $"seed {seed}: the claims don't fit.");
        for (var i = moment; i <= read.Count; i++)
        {
            Same(later, i);
            if (i < read.Count)
                later.Apply(read[i]);
        }

        return true;

        void Same(ClaimCache one, int records)
        {
            var (entries, contested) = ClaimOracle.Of(read.Take(records), history.Policy);
            if (!entries.SequenceEqual(one.Entries()) || contested != one.ContestedKeys)
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"""
                    KAFKACACHE_TEST_SEED={seed}: captured after {moment} records, it differs after
                    {string.Join('\n', read.Take(records))}
                    of {history}
                    """));
        }
    }

    private static void Finish(ClaimsCapture capture)
    {
        while (capture.Step())
        {
            // There is room for all claims.
        }
    }

    private static void Drain(ClaimsCapture capture, List<byte[]> packed)
    {
        while (capture.TryPeek(out var one))
        {
            packed.Add(one.ToArray());
            capture.Take(one);
        }
    }

    // A clock that advances by most of a step's time limit whenever it is read.
    private sealed class SlowClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now += 200;
    }

    private static bool TakeOver(ClaimCache cache, IReadOnlyList<byte[]> packed)
    {
        var load = cache.Claims.BeginLoad();
        foreach (var one in packed)
        {
            PackedEntry.Read(one, out var key, out var metadata, out var content);
            if (!load.Add(key, metadata, content))
                return false;
        }

        return load.End(cache.Entries().Count);
    }
}
