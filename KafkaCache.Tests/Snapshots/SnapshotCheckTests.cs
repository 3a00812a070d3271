using KafkaCaching.Logs;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Snapshots;

public sealed class SnapshotCheckTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly SnapshotDescription Snapshot = SnapshotFileTesting.Description(10, 20);
    private static readonly DateTimeOffset Written = Snapshot.Written;

    [Fact]
    public void Same_log_that_has_grown_is_taken()
    {
        SnapshotCheck.Log(Snapshot, new("topic id", 2), [Range(10), Range(20)]);
        SnapshotCheck.Log(Snapshot, new("topic id", 3), [Range(11), Range(2000), Range(5)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("another id")]
    [InlineData("Topic id")]
    public void Topic_with_another_ID_or_none_is_another(string id) =>
        AssertRefused(ColdStartReason.OtherTopic, () => SnapshotCheck.Log(Snapshot, new(id, 2), [Range(10), Range(20)]));

    [Fact]
    public void Snapshot_without_an_ID_is_of_no_topic() => AssertRefused(
        ColdStartReason.OtherTopic, () => SnapshotCheck.Log(Snapshot with { TopicId = "" }, new("", 2), [Range(10), Range(20)]));

    [Fact]
    public void Log_with_fewer_partitions_has_changed() =>
        AssertRefused(ColdStartReason.LogChanged, () => SnapshotCheck.Log(Snapshot, new("topic id", 1), [Range(10)]));

    [Theory]
    [InlineData(20, 20)]
    [InlineData(20, 30)]
    [InlineData(0, 19)]
    public void Log_that_begins_elsewhere_or_ends_before_the_position_has_changed(long start, long end) => AssertRefused(
        ColdStartReason.LogChanged, () => SnapshotCheck.Log(Snapshot, new("topic id", 2), [Range(10), new(start, end, end)]));

    [Fact]
    public void Log_that_begins_before_where_it_began_has_changed()
    {
        var later = Snapshot with { Partitions = [.. Snapshot.Partitions.Select(static partition => partition with { LogStart = 5 })] };
        SnapshotCheck.Log(later, new("topic id", 2), [new(5, 10, 10), new(6, 20, 20)]);
        AssertRefused(
            ColdStartReason.LogChanged, () => SnapshotCheck.Log(later, new("topic id", 2), [new(5, 10, 10), new(4, 20, 20)]));
    }

    [Fact]
    public void Log_is_cut_off_where_a_partition_begins_later_and_then_only_plain_entries_determine_what_is_left()
    {
        LogRange[] same = [Range(10), Range(20), new(3, 5, 5)], cut = [Range(10), new(19, 20, 20)];
        var mixed = Snapshot with { HasKeysInTwoPartitions = true };
        Assert.False(SnapshotCheck.IsCutOff(mixed, same, isResolved: true));
        Assert.True(SnapshotCheck.IsCutOff(Snapshot, cut, isResolved: false));
        AssertRefused(ColdStartReason.LogChanged, () => SnapshotCheck.IsCutOff(Snapshot, cut, isResolved: true));
        AssertRefused(ColdStartReason.LogChanged, () => SnapshotCheck.IsCutOff(mixed, cut, isResolved: false));
    }

    [Fact]
    public void Age_is_taken_up_to_nine_tenths_of_the_retention()
    {
        var limit = Day * 0.9;
        Assert.Equal(limit, Age(limit, Day));
        AssertRefused(ColdStartReason.TooOld, () => Age(limit + TimeSpan.FromMilliseconds(1), Day));
    }

    [Fact]
    public void Max_age_shortens_the_limit_and_never_raises_it()
    {
        var hour = TimeSpan.FromHours(1);
        Assert.Equal(hour, Age(hour, Day, maxAge: hour));
        AssertRefused(ColdStartReason.TooOld, () => Age(hour + TimeSpan.FromSeconds(1), Day, maxAge: hour));
        AssertRefused(ColdStartReason.TooOld, () => Age(Day, Day, maxAge: 30 * Day));
    }

    // The log cleaner may have used the lower value until now.
    [Theory]
    [InlineData(1, 24)]
    [InlineData(24, 1)]
    public void Lower_of_the_retentions_then_and_now_counts(int hoursThen, int hoursNow)
    {
        var snapshot = Snapshot with { DeleteRetention = TimeSpan.FromHours(hoursThen) };
        AssertRefused(
            ColdStartReason.TooOld,
            () => SnapshotCheck.Age(
                snapshot, new TopicPolicy("compact", TimeSpan.FromHours(hoursNow)), maxAge: null,
                snapshot.CaughtUp + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Without_the_retention_only_a_max_age_allows_it()
    {
        foreach (var unknown in new[] { null, new TopicPolicy("compact", DeleteRetention: null) })
        {
            AssertRefused(
                ColdStartReason.RetentionUnknown, () => SnapshotCheck.Age(Snapshot, unknown, maxAge: null, Written));
            Assert.Equal(TimeSpan.FromSeconds(5), SnapshotCheck.Age(Snapshot, unknown, TimeSpan.FromMinutes(1), Written));
            AssertRefused(
                ColdStartReason.TooOld,
                () => SnapshotCheck.Age(Snapshot, unknown, TimeSpan.FromMinutes(1), Written + TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public void Snapshot_from_the_future_is_not_taken()
    {
        AssertRefused(ColdStartReason.ClockSetBack, () => Age(TimeSpan.FromSeconds(4), Day)); // It was written at 5 seconds.
        Assert.Equal(TimeSpan.FromSeconds(5), Age(TimeSpan.FromSeconds(5), Day));
        var caughtUpLater = Snapshot with { CaughtUp = Written.AddSeconds(1) };
        AssertRefused(
            ColdStartReason.ClockSetBack, () => SnapshotCheck.Age(caughtUpLater, new TopicPolicy("compact", Day), null, Written));
    }

    private static TimeSpan Age(TimeSpan since, TimeSpan retention, TimeSpan? maxAge = null) => SnapshotCheck.Age(
        Snapshot with { DeleteRetention = retention }, new TopicPolicy("compact", retention), maxAge, Snapshot.CaughtUp + since);

    private static LogRange Range(long end) => new(0, end, end);

    private static void AssertRefused(ColdStartReason reason, Action check)
    {
        var refused = Assert.Throws<SnapshotException>(check);
        Assert.Equal(reason, refused.Reason);
        Assert.NotEmpty(refused.Message);
    }
}
