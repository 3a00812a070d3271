using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks;

/// <summary>Resident memory of this process, in MiB.</summary>
internal static class ProcessMemory
{
    public const double MiB = 1 << 20;

    public static double Resident => Read("VmRSS:") ?? Environment.WorkingSet / MiB;

    // The kernel's high-water mark is used if it is available, because Process.PeakWorkingSet64 may be less precise.
    public static double Peak => Read("VmHWM:") ?? Process.GetCurrentProcess().PeakWorkingSet64 / MiB;

    private static double? Read(string label)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(label, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(label.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) / 1024.0;
    }
}
