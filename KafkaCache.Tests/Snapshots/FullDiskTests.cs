using System.Diagnostics;
using KafkaCaching.Snapshots;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>A volume that is full or read-only. Uses a small tmpfs if the test is allowed to mount one.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(unchecked((int)TestSeed.Next()));
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "--lazy", _directory.Path);
        _directory.Dispose();
    }

    [Fact]
    public async Task Full_volume_is_reported_the_old_snapshot_stays_and_the_next_succeeds_when_there_is_room()
    {
        Mount();
        var files = new SnapshotFiles(_directory.Path, "users");
        using var kept = new KeptStore(files, _random);
        Assert.Equal(1, (await kept.WriteAsync()).Count);
        var old = kept.Written();
        var rest = new DriveInfo(_directory.Path).AvailableFreeSpace;
        var filler = Path.Combine(_directory.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[rest - 65_536], TestContext.Current.CancellationToken);
        kept.Change();

        Assert.Equal(1, (await kept.WriteAsync()).Failures);
        Assert.False(File.Exists(files.Temporary));
        Assert.Equal(old, kept.Written());

        File.Delete(filler);
        Assert.Equal(2, (await kept.WriteAsync()).Count);
        Assert.Equal(kept.Content(), kept.Written());
    }

    [Fact]
    public async Task Read_only_volume_is_reported_the_old_snapshot_stays_and_the_next_succeeds_when_it_can_be_written()
    {
        Mount();
        using var kept = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        await kept.WriteAsync();
        var old = kept.Written();
        kept.Change();
        Assert.Equal(0, Run("mount", "-o", "remount,ro", _directory.Path));

        Assert.Equal(1, (await kept.WriteAsync()).Failures);
        Assert.Equal(old, kept.Written());

        Assert.Equal(0, Run("mount", "-o", "remount,rw", _directory.Path));
        Assert.Equal(2, (await kept.WriteAsync()).Count);
        Assert.Equal(kept.Content(), kept.Written());
    }

    private void Mount()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounts a tmpfs.");
        _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", _directory.Path) == 0;
        Assert.SkipUnless(_isMounted, "Needs the right to mount a tmpfs.");
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
