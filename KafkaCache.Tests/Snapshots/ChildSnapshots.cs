using System.Globalization;
using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>The code of a child process, which alternately loads a snapshot and writes the next one until it is killed.</summary>
public sealed class ChildSnapshots
{
    public const string DirectoryVariable = "KAFKACACHE_TEST_CHILD_SNAPSHOTS";
    public const string SeedVariable = "KAFKACACHE_TEST_CHILD_SNAPSHOTS_SEED";

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var directory = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directory is null, "Only for processes that another test starts.");
        var seed = int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, CultureInfo.InvariantCulture);
        using var kept = new KeptStore(new SnapshotFiles(directory, "users"), new Random(seed));
        Console.WriteLine("begins 0");
        for (var i = 0; ; i++)
        {
            if (File.Exists(kept.Files.Current))
                Console.WriteLine($"loaded {kept.Written().Length}");
            kept.Change();
            var status = await kept.WriteAsync();
            Assert.Null(status.LastError);
            Console.WriteLine($"written {status.Count}");
        }
    }
}
