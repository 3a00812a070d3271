using KafkaCaching.Snapshots;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>After any failure, either the old or the new snapshot remains, and the next attempt can succeed.</summary>
public sealed class SnapshotKeeperTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(unchecked((int)TestSeed.Next()));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(DiskFault.Begin, 0)]
    [InlineData(DiskFault.Create, 0)]
    [InlineData(DiskFault.Write, 0)]
    [InlineData(DiskFault.Write, 50_000)]
    [InlineData(DiskFault.ShortWrite, 50_000)]
    [InlineData(DiskFault.LostWrite, 50_000)]
    [InlineData(DiskFault.FlippedBit, 0)]
    [InlineData(DiskFault.FlippedBit, 50_000)]
    [InlineData(DiskFault.Flush, 0)]
    [InlineData(DiskFault.Rename, 0)]
    public async Task Disk_that_fails_at_a_step_leaves_the_old_snapshot_and_the_next_succeeds(DiskFault fault, long goodBytes)
    {
        var files = new FaultyFiles(_directory.Path, "users");
        using var kept = new KeptStore(files, _random);
        await kept.WriteAsync();
        var old = kept.Written();
        kept.Change();
        (files.Fault, files.GoodBytes) = (fault, goodBytes);

        var failed = await kept.WriteAsync();

        Assert.Equal((1, 1, 0), (failed.Count, failed.Failures, failed.Aborted));
        Assert.NotNull(failed.LastError);
        Assert.Equal(old, kept.Written());
        Assert.False(File.Exists(files.Temporary));

        files.Fault = DiskFault.None;
        var succeeded = await kept.WriteAsync();
        Assert.Equal((2, 1, null), (succeeded.Count, succeeded.Failures, succeeded.LastError));
        Assert.Equal(kept.Content(), kept.Written());
    }

    [Fact]
    public async Task Failure_that_repeats_is_logged_once_and_again_after_a_success()
    {
        var files = new FaultyFiles(_directory.Path, "users");
        using var kept = new KeptStore(files, _random);
        foreach (var fault in new[] { DiskFault.Create, DiskFault.Create, DiskFault.None, DiskFault.Create })
        {
            files.Fault = fault;
            kept.Change();
            await kept.WriteAsync();
        }

        Assert.Equal(3, kept.Keeper.Status.Failures);
        Assert.Equal(2, kept.Logger.Lines.Count(static line => line.Id == 134));
    }

    [Fact]
    public async Task File_whose_directory_was_not_flushed_counts_as_failed_and_is_whole()
    {
        var files = new FaultyFiles(_directory.Path, "users") { Fault = DiskFault.FlushOfDirectory };
        using var kept = new KeptStore(files, _random);
        Assert.Equal(1, (await kept.WriteAsync()).Failures);
        Assert.Equal(kept.Content(), kept.Written());
    }

    [Fact]
    public async Task Failed_flush_is_not_tried_again_on_the_same_file()
    {
        var files = new FaultyFiles(_directory.Path, "users") { Fault = DiskFault.Flush };
        using var kept = new KeptStore(files, _random);
        await kept.WriteAsync();
        Assert.Equal(1, files.Flushes);
    }

    [Fact]
    public async Task Leftover_of_a_killed_process_is_overwritten()
    {
        var files = new SnapshotFiles(_directory.Path, "users");
        await File.WriteAllBytesAsync(files.Temporary, new byte[5_000_000], TestContext.Current.CancellationToken);
        using var kept = new KeptStore(files, _random);
        Assert.Equal(1, (await kept.WriteAsync()).Count);
        Assert.Equal(kept.Content(), kept.Written());
        Assert.Equal(new[] { files.Current, files.LockFile }, _directory.Files.Order());
    }

    [Fact]
    public async Task Snapshot_that_would_take_more_room_than_allowed_is_dropped_and_the_old_one_stays()
    {
        const int less = 20_000; // Smaller than any of these snapshots.
        var files = new SnapshotFiles(_directory.Path, "users");
        await AssertTooLargeAsync(less);
        Assert.False(File.Exists(files.Current));
        using var kept = new KeptStore(files, _random);
        var bytes = (await kept.WriteAsync()).Bytes;
        var old = kept.Written();

        await AssertTooLargeAsync(bytes + less);
        await AssertTooLargeAsync(bytes - 1);
        Assert.Equal(old, kept.Written());

        async Task AssertTooLargeAsync(long maxBytes)
        {
            using var tight = new KeptStore(files, _random, maxBytes);
            var failed = await tight.WriteAsync();
            Assert.Equal(1, failed.Failures);
            Assert.Contains("Snapshot.MaxBytes", failed.LastError, StringComparison.Ordinal);
            Assert.False(File.Exists(files.Temporary));
        }
    }

    [Fact]
    public async Task Directory_that_vanishes_is_created_again()
    {
        var files = new SnapshotFiles(Path.Combine(_directory.Path, "volume"), "users");
        using var kept = new KeptStore(files, _random);
        await kept.WriteAsync();
        Directory.Delete(Path.GetDirectoryName(files.Current)!, recursive: true);
        Assert.Equal(2, (await kept.WriteAsync()).Count);
        Assert.Equal(kept.Content(), kept.Written());
    }

    [Fact]
    public async Task Snapshot_directory_that_is_a_file_is_reported_until_it_is_a_directory()
    {
        var volume = Path.Combine(_directory.Path, "volume");
        await File.WriteAllTextAsync(volume, "not a directory", TestContext.Current.CancellationToken);
        using var kept = new KeptStore(new SnapshotFiles(volume, "users"), _random);
        Assert.Equal(1, (await kept.WriteAsync()).Failures);
        File.Delete(volume);
        Assert.Equal(1, (await kept.WriteAsync()).Count);
    }

    [Fact]
    public async Task Directory_with_the_name_of_the_snapshot_is_reported_and_left_alone()
    {
        var files = new SnapshotFiles(_directory.Path, "users");
        Directory.CreateDirectory(Path.Combine(files.Current, "within"));
        using var kept = new KeptStore(files, _random);
        Assert.Equal(1, (await kept.WriteAsync()).Failures);
        Assert.True(Directory.Exists(Path.Combine(files.Current, "within")));
        Assert.False(File.Exists(files.Temporary));
    }

    [Fact]
    public async Task File_can_be_read_by_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix has modes.");
        using var kept = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        await kept.WriteAsync();
#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept.Files.Current));
#pragma warning restore CA1416
    }
}
