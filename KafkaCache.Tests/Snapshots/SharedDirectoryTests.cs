using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Two caches that share a snapshot directory. Only one writes at a time; both can load.</summary>
public sealed class SharedDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(unchecked((int)TestSeed.Next()));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Second_writer_fails_and_leaves_the_first_ones_file_alone()
    {
        var files = new SnapshotFiles(_directory.Path, "users");
        using var other = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        using (files.BeginWriting())
        {
            using (var file = files.CreateTemporary())
                file.Write("half a snapshot"u8);
            Assert.Equal(1, (await other.WriteAsync()).Failures); // The first writer still has the lock, although its file is closed.
            Assert.Equal("half a snapshot", await File.ReadAllTextAsync(files.Temporary, TestContext.Current.CancellationToken));
            Assert.False(File.Exists(files.Current));
        }

        Assert.Equal(1, (await other.WriteAsync()).Count);
        Assert.Equal(other.Content(), other.Written());
    }

    [Fact]
    public async Task File_that_is_replaced_while_it_loads_is_loaded_as_it_was()
    {
        using var kept = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        await kept.WriteAsync();
        var old = kept.Content();
        using var one = SnapshotReader.Open(kept.Files.Current);
        kept.Change();
        await kept.WriteAsync();
        using var other = SnapshotReader.Open(kept.Files.Current);

        using var loadedOld = SnapshotFileTesting.Load(one);
        using var loadedNew = SnapshotFileTesting.Load(other);
        Assert.Equal(old, SnapshotFileTesting.ContentOf(loadedOld));
        Assert.Equal(kept.Content(), SnapshotFileTesting.ContentOf(loadedNew));
    }

    [Fact]
    public async Task File_that_is_deleted_while_it_loads_is_loaded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows may refuse to delete it.");
        using var kept = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        await kept.WriteAsync();
        using var snapshot = SnapshotReader.Open(kept.Files.Current);
        File.Delete(kept.Files.Current);
        using var loaded = SnapshotFileTesting.Load(snapshot);
        Assert.Equal(kept.Content(), SnapshotFileTesting.ContentOf(loaded));
    }

    [Fact]
    public async Task File_that_is_cut_while_it_loads_is_damaged()
    {
        using var kept = new KeptStore(new SnapshotFiles(_directory.Path, "users"), _random);
        await kept.WriteAsync();
        using var snapshot = SnapshotReader.Open(kept.Files.Current);
        using (var file = new FileStream(kept.Files.Current, FileMode.Open))
            file.SetLength(file.Length / 2);
        Assert.Equal(ColdStartReason.Damaged, Assert.Throws<SnapshotException>(() => SnapshotFileTesting.Load(snapshot)).Reason);
    }

    [Fact]
    public void Names_of_caches_have_files_of_their_own_and_none_leaves_the_directory()
    {
        string[] names = ["users", "Users", "../users", "/etc/passwd", "a/b", "é", new('a', 249)];
        var paths = names.Select(name => new SnapshotFiles(_directory.Path, name).Current).ToList();
        Assert.Equal(paths.Count, paths.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(paths, path => Assert.Equal(_directory.Path, Path.GetDirectoryName(path)));
    }
}
