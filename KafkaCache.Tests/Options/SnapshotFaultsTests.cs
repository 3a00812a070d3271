using KafkaCaching.Options;

namespace KafkaCaching.Tests.Options;

public sealed class SnapshotFaultsTests
{
    [Fact]
    public void Defaults_and_limits_are_good()
    {
        Assert.Empty(SnapshotFaults.Of(new SnapshotOptions()));
        Assert.Empty(SnapshotFaults.Of(new SnapshotOptions
        {
            Directory = "not/there/yet", Interval = TimeSpan.FromSeconds(10), WriteBytesPerSecond = 1_000_000, MaxBytes = 1L << 20,
            ServeFromFileAbove = 0, MaxAge = TimeSpan.FromMinutes(1), Version = new string('a', 200),
        }));
        Assert.Empty(SnapshotFaults.Of(new SnapshotOptions
        {
            Interval = TimeSpan.FromDays(1), WriteBytesPerSecond = 10_000_000_000, MaxBytes = 4L << 40, MaxAge = TimeSpan.FromDays(365),
            ServeFromFileAbove = long.MaxValue,
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Empty_directory(string directory) => AssertFault("Directory", static (o, value) => o.Directory = value, directory);

    [Theory]
    [InlineData(9.99)]
    [InlineData(86_401)]
    [InlineData(-10)]
    public void Interval_out_of_range(double seconds) =>
        AssertFault("Interval", static (o, value) => o.Interval = TimeSpan.FromSeconds(value), seconds);

    [Theory]
    [InlineData(999_999)]
    [InlineData(10_000_000_001)]
    public void Rate_out_of_range(long bytes) =>
        AssertFault("WriteBytesPerSecond", static (o, value) => o.WriteBytesPerSecond = value, bytes);

    [Theory]
    [InlineData((1L << 20) - 1)]
    [InlineData((4L << 40) + 1)]
    public void Room_out_of_range(long bytes) => AssertFault("MaxBytes", static (o, value) => o.MaxBytes = value, bytes);

    [Fact]
    public void Size_below_zero() =>
        AssertFault("ServeFromFileAbove", static (o, value) => o.ServeFromFileAbove = value, -1);

    [Theory]
    [InlineData(59)]
    [InlineData(365 * 86_400 + 1)]
    public void Age_out_of_range(int seconds) =>
        AssertFault("MaxAge", static (o, value) => o.MaxAge = TimeSpan.FromSeconds(value), seconds);

    [Theory]
    [InlineData(null)]
    [InlineData(201)]
    public void Version_missing_or_too_long(int? length) =>
        AssertFault("Version", static (o, value) => o.Version = value is { } some ? new string('a', some) : null!, length);

    [Fact]
    public void Missing_options_and_all_faults_at_once()
    {
        Assert.StartsWith("Snapshot is null.", Assert.Single(SnapshotFaults.Of(null)), StringComparison.Ordinal);
        var all = new SnapshotOptions
        {
            Directory = " ", Interval = TimeSpan.Zero, WriteBytesPerSecond = 0, MaxBytes = 0, MaxAge = TimeSpan.Zero, Version = null!,
            ServeFromFileAbove = -1,
        };
        Assert.Equal(7, SnapshotFaults.Of(all).Count());
        var options = new KafkaCacheOptions<string, string> { BootstrapServers = "localhost:9092", Topic = "users", Snapshot = all };
        Assert.Equal(7, OptionsValidation.Validate(options).Count);
    }

    private static void AssertFault<T>(string option, Action<SnapshotOptions, T> set, T value)
    {
        var options = new SnapshotOptions();
        set(options, value);
        Assert.StartsWith($"Snapshot.{option} is ", Assert.Single(SnapshotFaults.Of(options)), StringComparison.Ordinal);
    }
}
