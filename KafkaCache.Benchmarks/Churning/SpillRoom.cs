using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Churning;

/// <summary>A temporary directory for a spill file.</summary>
internal sealed class SpillRoom : IDisposable
{
    private const int BlockBytes = 512;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kafkacache-spill-");

    public string Path => _directory.FullName;

    /// <summary>What the file takes on disk. Its length does not show this, because parts of it have been given back.</summary>
    public double MiB
    {
        get
        {
            using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", _directory.GetFiles().Single().FullName])
            {
                RedirectStandardOutput = true, UseShellExecute = false,
            })!;
            return long.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture) * BlockBytes / ProcessMemory.MiB;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
