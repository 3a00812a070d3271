using System.ComponentModel;
using System.Runtime.InteropServices;
using Xunit;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Turns file descriptor 2 of this process into a file for a while, since what native code writes never passes through <see cref="Console"/>.
/// Nothing else may run beside it: see <see cref="RunsAlone"/>.</summary>
internal sealed partial class StandardError : IDisposable
{
    private const int Descriptor = 2;

    private readonly FileStream _file = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1, FileOptions.DeleteOnClose);
    private readonly int _original = Checked(dup(Descriptor));

    private StandardError() => Checked(dup2((int)_file.SafeFileHandle.DangerousGetHandle(), Descriptor));

    public static StandardError Capture() => new();

    public string Text
    {
        get
        {
            using var reader = new StreamReader(_file, leaveOpen: true);
            _file.Position = 0;
            var text = reader.ReadToEnd();
            _file.Position = _file.Length;
            return text;
        }
    }

    public void Dispose()
    {
        Checked(dup2(_original, Descriptor));
        Checked(close(_original));
        _file.Dispose();
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);
}

/// <summary>Runs alone: standard error belongs to the whole process.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
