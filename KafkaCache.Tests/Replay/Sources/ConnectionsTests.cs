using System.Globalization;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay.Sources;

public sealed class ConnectionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Connections _connections;
    private TimeSpan _clientsClock = TimeSpan.FromHours(1);

    public ConnectionsTests() => _connections = new Connections(_time, fetchWait: TimeSpan.FromSeconds(0.1));

    [Fact]
    public void A_broker_that_was_asked_and_sends_no_byte_is_silent_for_as_long()
    {
        Note(Second, unanswered: 1, answers: 5, sinceByte: 0.1);
        Note(Second, unanswered: 1, answers: 5, sinceByte: 0.9);
        for (var second = 1; second <= 12; second++)
            Note(Second, unanswered: 1, answers: 5, sinceByte: 0.9 + second);

        Assert.Equal(("one", 12.9), (_connections.MostSilent?.Broker, _connections.MostSilent?.For.TotalSeconds));
        Assert.True(_connections.MostSilent?.For > _connections.SilenceLimit);
    }

    [Fact]
    public void One_whose_answer_is_still_arriving_is_not_silent_and_nothing_whole_needs_to_come()
    {
        for (var second = 0; second < 60; second++)
        {
            Note(Second, unanswered: 1, answers: 5, sinceByte: 0.05);
            Assert.InRange(_connections.MostSilent?.For ?? default, TimeSpan.Zero, TimeSpan.FromSeconds(0.1));
            Assert.Equal(second > 0, _connections.Of(3)!.BusyUntil > _time.GetTimestamp());
        }

        // The response is complete.
        Note(Second, unanswered: 1, answers: 6, sinceByte: 0.05);
        _time.Advance(3 * Second);
        Assert.False(_connections.Of(3)!.BusyUntil > _time.GetTimestamp());
    }

    [Fact]
    public void One_that_answers_without_records_is_neither_silent_nor_busy()
    {
        for (var second = 0; second < 60; second++)
        {
            Note(Second, unanswered: 1, answers: 10 * second, sinceByte: 0.05);
            Assert.InRange(_connections.MostSilent?.For ?? default, TimeSpan.Zero, TimeSpan.FromSeconds(0.1));
            Assert.Equal(0, _connections.Of(3)!.BusyUntil);
        }
    }

    [Fact]
    public void One_that_is_not_asked_may_be_quiet_for_ever_and_has_its_time_once_it_is()
    {
        Note(Second, unanswered: 0, answers: 5, sinceByte: 1_000);
        Assert.Null(_connections.MostSilent);
        Note(Second, unanswered: 1, answers: 5, sinceByte: 1_001);
        Assert.Null(_connections.MostSilent);
        Note(Second, unanswered: 1, answers: 5, sinceByte: 1_002);
        Assert.Equal(Second, _connections.MostSilent?.For);
    }

    [Fact]
    public void One_that_is_not_connected_or_leads_no_partition_is_not_silent()
    {
        for (var second = 0; second < 60; second++)
        {
            Note(Second, unanswered: 1, answers: 5, sinceByte: null);
            Assert.Null(_connections.MostSilent);
        }

        for (var second = 0; second < 60; second++)
        {
            Note(Second, unanswered: 1, answers: 5, sinceByte: second, partitions: "");
            Assert.Null(_connections.MostSilent);
        }
    }

    [Fact]
    public void A_quota_is_no_silence_for_as_long_as_the_broker_said()
    {
        Note(Second, unanswered: 1, answers: 5, sinceByte: 0.5);
        Note(Second, unanswered: 1, answers: 6, sinceByte: 0.5, throttleMs: 30_000);

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_connections.Of(3)!.BusyUntil > _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(_connections.Of(3)!.BusyUntil > _time.GetTimestamp());
    }

    // The eight hours of silence are those of the suspended process, not of the broker.
    [Fact]
    public void A_process_that_was_suspended_blames_no_broker()
    {
        Note(Second, unanswered: 1, answers: 5, sinceByte: 0.1);
        Note(TimeSpan.FromHours(8), unanswered: 1, answers: 5, sinceByte: 8 * 3600);
        Assert.True(_connections.MostSilent?.For < _connections.SilenceLimit);
    }

    [Fact]
    public void What_can_not_be_read_changes_nothing()
    {
        Note(Second, unanswered: 1, answers: 5, sinceByte: 0.1);
        _connections.Note("{ }");
        Assert.Equal("one", _connections.Of(3)?.Broker);
        Assert.Null(_connections.Of(4));
    }

    private void Note(
        TimeSpan after, int unanswered, long answers, double? sinceByte, int throttleMs = 0,
        string partitions = "\"users-3\": { \"topic\":\"users\", \"partition\":3}")
    {
        _time.Advance(after);
        _clientsClock += after;
        var idle = sinceByte is { } seconds ? (long)(seconds * 1_000_000) : -1;
        _connections.Note(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            { "name": "a", "ts":{{(long)_clientsClock.TotalMicroseconds}},
            "brokers":{ "one": { "name":"one", "waitresp_cnt":{{unanswered}}, "rx":{{answers}}, "rxidle":{{idle}},
            "throttle": { "max":{{throttleMs}} }, "toppars":{ {{partitions}} } } }, "topics":{ } }
            """));
    }
}
