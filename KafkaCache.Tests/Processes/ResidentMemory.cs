using System.Globalization;

namespace KafkaCaching.Tests.Processes;

/// <summary>The resident memory of this process in bytes, as reported by Linux.</summary>
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
