using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Kills a process that writes and loads snapshots. The old snapshot, the new one or none remains, and it has exactly the entries
/// below its positions.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private static readonly TimeSpan MaxPassTime = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryDirectory _directory = new();
    private readonly int _seed = unchecked((int)TestSeed.Next());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task Four_kills_leave_a_whole_snapshot_or_none() => KillAsync(rounds: 4);

    [Fact]
    [Trait("Category", "Long")]
    public Task Two_hundred_kills_leave_a_whole_snapshot_or_none() => KillAsync(rounds: 200);

    private async Task KillAsync(int rounds)
    {
        var random = new Random(_seed);
        var files = new SnapshotFiles(_directory.Path, "users");
        var (loaded, leftovers) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            await using (var child = ChildProcess.Start(
                typeof(ChildSnapshots), nameof(ChildSnapshots.Run), (ChildSnapshots.DirectoryVariable, _directory.Path),
                (ChildSnapshots.SeedVariable, _seed.ToString(CultureInfo.InvariantCulture))))
            {
                await child.WaitForAsync("begins");
                var pass = MaxPassTime * random.NextDouble();
                var begun = Stopwatch.GetTimestamp();
                await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(begun) > pass);
                if (round == 0) // Even on a slow machine, at least one round must leave a snapshot.
                    await Eventually.TrueAsync(() => File.Exists(files.Current));
                Assert.False(child.HasExited);
                await child.KillAsync();
            }

            leftovers += File.Exists(files.Temporary) ? 1 : 0;
            if (!File.Exists(files.Current))
                continue;
            loaded++;
            using var snapshot = SnapshotReader.Open(files.Current);
            using var store = SnapshotFileTesting.Load(snapshot);
            Assert.Equal(Fold(snapshot.Description.Partitions[0].Position), SnapshotFileTesting.ContentOf(store));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{rounds} kills, {leftovers} in the middle of a file, {loaded} snapshots held against the fold");
        Assert.True(loaded > 0);
    }

    // Builds the child's store again from the same seed.
    private string[] Fold(long position)
    {
        var random = new Random(_seed);
        using var store = SampleStore.Of(random);
        for (var offset = SampleStore.Positions[0]; offset < position; offset++)
            SampleStore.Write(store, offset, random);
        return SnapshotFileTesting.ContentOf(store);
    }
}
