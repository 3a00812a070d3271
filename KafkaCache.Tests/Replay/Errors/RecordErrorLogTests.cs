using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Replay.Errors;

/// <summary>A topic with many bad records causes few log lines, which count all of them.</summary>
public sealed class RecordErrorLogTests
{
    private const int Records = 100_000;

    [Theory]
    [InlineData(RecordErrorPolicy.Skip)]
    [InlineData(RecordErrorPolicy.Quarantine)]
    public void A_hundred_thousand_bad_records_within_a_second_make_two_lines(RecordErrorPolicy policy)
    {
        var time = new FakeTimeProvider();
        var log = new CountLogger();
        using var cache = Cache(policy, time, log);

        ApplyBad(cache, 0, Records);
        Assert.Equal([1], log.Counts);

        // There are no further bad records, but the remaining ones are still logged, once.
        time.Advance(TimeSpan.FromSeconds(1));
        cache.Apply(Tests.Replay.Records.Of("good", "v", Records));
        cache.Apply();
        time.Advance(TimeSpan.FromSeconds(9));
        cache.Apply();
        Assert.Equal([1, Records - 1], log.Counts);
        Assert.Equal(Records, cache.RecordErrors);
    }

    [Fact]
    public void While_they_come_one_line_a_second_states_how_many_came_since_the_last()
    {
        var time = new FakeTimeProvider();
        var log = new CountLogger();
        using var cache = Cache(RecordErrorPolicy.Skip, time, log);
        for (var tenth = 0; tenth < 100; tenth++)
        {
            ApplyBad(cache, tenth * 10, 10);
            time.Advance(TimeSpan.FromSeconds(0.1));
        }

        cache.Apply();
        Assert.InRange(log.Counts.Count, 10, 11);
        Assert.Equal(1000, log.Counts.Sum());
    }

    private static MemoryReplay<string, string> Cache(RecordErrorPolicy policy, TimeProvider time, ILogger log) => new(
        o =>
        {
            o.OnRecordError = policy;
            o.TimeProvider = time;
            o.ValidateRecord = static (in CacheRecord record) => !record.ValueBytes.SequenceEqual("bad"u8);
        },
        logger: log);

    private static void ApplyBad(MemoryReplay<string, string> cache, int from, int count) =>
        cache.Apply(
            [.. Enumerable.Range(from, count).Select(static offset => Tests.Replay.Records.Of($"k{offset % 1000}", "bad", offset))]);

    /// <summary>The counts in the lines of record errors.</summary>
    private sealed class CountLogger : ILogger
    {
        public List<long> Counts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(201, eventId.Id);
            Counts.Add((long)((IReadOnlyList<KeyValuePair<string, object?>>)state!).Single(static value => value.Key == "Count").Value!);
        }
    }
}
