using System.Runtime.InteropServices;

namespace KafkaCaching.Tests.Brokers;

/// <summary>
/// Redirects standard error (file descriptor 2) to a file, to capture the output of native code too. This affects the whole process, so a
/// test that uses it must be in <see cref="StandardErrorTests"/>, which does not run in parallel with others.
/// </summary>
internal sealed partial class StandardErrorCapture : IDisposable
{
    private const int StandardError = 2;

    private readonly string _path = Path.GetTempFileName();
    private readonly int _original;

    public StandardErrorCapture()
    {
        using FileStream file = File.Open(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _original = Duplicate(StandardError);
        if (_original < 0 || DuplicateTo((int)file.SafeFileHandle.DangerousGetHandle(), StandardError) < 0)
            throw new IOException($"Standard error can't be captured: error {Marshal.GetLastPInvokeError()}.");
    }

    public string Text
    {
        get
        {
            using FileStream file = File.Open(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
    }

    public void Dispose()
    {
        _ = DuplicateTo(_original, StandardError);
        _ = Close(_original);
        File.Delete(_path);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

/// <summary>Tests of what the process writes to standard error. They run alone, after the others.</summary>
[CollectionDefinition(nameof(StandardErrorTests), DisableParallelization = true)]
public sealed class StandardErrorTests;
