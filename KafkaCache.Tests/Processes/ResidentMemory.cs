using System.Globalization;

namespace KafkaCaching.Tests.Processes;

/// <summary>What this process holds of the machine's memory, in bytes, as Linux counts.</summary>
internal static class ResidentMemory
{
    public static long Now => Read("VmRSS:");

    public static long Peak => Read("VmHWM:");

    private static long Read(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(name.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }
}
