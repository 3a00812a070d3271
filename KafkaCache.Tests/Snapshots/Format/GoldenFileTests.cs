using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Reads a file that an earlier build has written. If this test fails, the format has changed: increase its version and replace
/// the file here.</summary>
public sealed class GoldenFileTests : IDisposable
{
    private const string Golden =
        "Q0FQU0hPVDECAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKIMAAAAPAAAAAEAAQASAwcABQgADwIAABQD"
        + "HAAAOAAfmQEAHABwABegVQATCAwABAgADwIAABQIHAAAOAAfmAEAgADUABdQuQATBAwABAgADwIAABQEHAAAOAAfzAEAMACEAA8CAB0ANAAStPwBAdMBEwlB"
        + "AAQIAA8CAAAUCRwAADgAH8sBAJQA6AASFOgAAQIABOwCBAgADwIAABQBHAAAOAATMwEAAEgAF3gtABMGDAAECAAPAgAAFAYcAAA4AB8yAQBYAKwAFyiRABMC"
        + "DAAECAAPAgAAFAIcAAA4AB9mAQAIAFwAF2RQARMFTQAECAAPAgAAFAUcAAA4AB//AQBEAJgAF4yYABMHiQAECAAPAgAAFAccAAA4AB9lAQBnUGVlZWVlBzEu"
        + "Mi4zLjQQYXMgdGhlIHRlc3RzIGFyZQh0b3BpYyBpZADWbXmbAQAAAMBpKskAAACI6W15mwEAAAoAAAAAAAAAABAAAAAAAAAAAAIAAABkAAAAAAAAAGQAAAAA"
        + "AAAAAwAAAAAAAAAAAAAABwAAAAAAAABkAAAAAAAAAGQAAAAAAAAAAwAAAAAAAAAAAAAABwAAAAAAAAABAAAAQAAAAAAAAAAlAQAAjAUAAAoAAADgAQAAAAAA"
        + "AOixT5gan0XjZQEAAAAAAACDNhZUbnLeu0NBUFNFTkQxM4mE1DClzGc=";

    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "golden.snapshot");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        System.IO.File.WriteAllBytes(File, Convert.FromBase64String(Golden));
        using var expected = Store();
        using var snapshot = SnapshotReader.Open(File);
        using var loaded = SnapshotFileTesting.Load(snapshot);

        Assert.Equal(SnapshotFileTesting.ContentOf(expected), SnapshotFileTesting.ContentOf(loaded));
        Assert.Equal("1.2.3.4", snapshot.Description.Library);
        Assert.Equal(SnapshotFileTesting.Description(100, 100).Partitions, snapshot.Description.Partitions);
    }

    [Fact]
    public void Other_version_of_the_format_is_distinguished_from_damage()
    {
        var bytes = Convert.FromBase64String(Golden);
        bytes[8]++;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Equal(ColdStartReason.OtherFormat, Assert.Throws<SnapshotException>(() => SnapshotReader.Open(File)).Reason);
        bytes[0]++;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Equal(ColdStartReason.Damaged, Assert.Throws<SnapshotException>(() => SnapshotReader.Open(File)).Reason);
    }

    // Writes a new golden file after a change of the format.
    [Fact(Explicit = true)]
    public void Write()
    {
        using var store = Store();
        using var capture = store.BeginCapture([100, 100])!;
        using var file = new MemoryStream();
        var writer = new SnapshotWriter(file);
        while (capture.MoveNext())
            writer.Add(capture);
        writer.End(SnapshotFileTesting.Description(100, 100) with { Library = "1.2.3.4", Buckets = capture.Buckets });
        TestContext.Current.TestOutputHelper!.WriteLine($"golden {Convert.ToBase64String(file.ToArray())}");
    }

    private static KafkaCaching.Store.Faster.FasterStateStore Store()
    {
        var store = StoreTesting.NewStore();
        for (var i = 0; i < 10; i++)
        {
            store.Set(
                StoreTesting.Key(i), StoreTesting.At(i, i % 2, timestamp: i, quarantine: (byte)(i == 9 ? 3 : 0)),
                StoreTesting.Describing(i, 20 * i));
        }

        return store;
    }
}
