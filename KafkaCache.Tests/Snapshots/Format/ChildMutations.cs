using System.Globalization;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>The code of a child process, which loads damaged files and reports the outcome of each. The parent notices if a file crashes
/// the process.</summary>
public sealed class ChildMutations
{
    public const string SeedVariable = "KAFKACACHE_TEST_CHILD_SEED";
    public const string CountVariable = "KAFKACACHE_TEST_CHILD_COUNT";

    private const long MaxBytes = 64 << 20; // About 20 MiB for the largest frame, plus the store's memory.

    [Fact(Explicit = true)]
    public void Run()
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable);
        Assert.SkipWhen(seed is null, "Only for processes that another test starts.");
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        var count = int.Parse(Environment.GetEnvironmentVariable(CountVariable)!, CultureInfo.InvariantCulture);
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "a.snapshot");
        using var store = SampleStore.Of(random);
        SnapshotFileTesting.Write(path, store, SampleStore.Positions);
        using var original = SnapshotReader.Open(path);
        var bytes = File.ReadAllBytes(path);
        var damaged = path + ".damaged";
        for (var i = 0; i < count; i++)
        {
            var rehashed = i % 5 == 4;
            var (file, what) = rehashed
                ? (RehashedMutation.Of(original, random), "rehashed")
                : FileMutation.Of(bytes, original.Frames, random);
            File.WriteAllBytes(damaged, file);
            Console.WriteLine($"{(rehashed ? "rehashed" : "mutated")} {Outcome(damaged)} {what}");
        }

        Console.WriteLine("done 0");
    }

    private static string Outcome(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = "refused";
        try
        {
            using var loaded = SnapshotFileTesting.Load(path);

            // All entries must be readable, by scan and by key.
            var content = SnapshotFileTesting.ContentOf(loaded);
            using var scan = loaded.Scan();
            while (scan.MoveNext())
            {
                using var entry = loaded.ReadEvenExpired(scan.Key);
                if (!entry.Found)
                    return "unreadable";
            }

            outcome = content.Length == 0 ? "empty" : "accepted";
        }
        catch (SnapshotException)
        {
            // The damage was detected.
        }

        return GC.GetAllocatedBytesForCurrentThread() - before > MaxBytes ? "huge" : outcome;
    }
}
