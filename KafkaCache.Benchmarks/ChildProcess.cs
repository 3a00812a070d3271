using System.Diagnostics;
using System.Reflection;

namespace KafkaCaching.Benchmarks;

/// <summary>Runs this program again in a new process, so that no contender is affected by another's heap, compiled code or threads. The
/// child answers each input line with one output line, and must exit when its input ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(params IEnumerable<string> arguments)
        : this([], arguments)
    {
    }

    public ChildProcess(IEnumerable<KeyValuePair<string, string?>> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    /// <summary>The process, for code that reads its output as it arrives, or sends it signals.</summary>
    public Process Process => _process;

    /// <returns>The last line of a child that needs no input.</returns>
    public static string Run(IEnumerable<KeyValuePair<string, string?>> environment, params IEnumerable<string> arguments)
    {
        using var child = new ChildProcess(environment, arguments);
        child._process.StandardInput.Close();
        var output = child._process.StandardOutput.ReadToEnd();
        child._process.WaitForExit();
        if (child._process.ExitCode != 0)
            throw child.Ended();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    public string NextLine() => _process.StandardOutput.ReadLine() ?? throw Ended();

    /// <returns>The line with which the child answers.</returns>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return NextLine();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private InvalidOperationException Ended()
    {
        _process.WaitForExit();
        return new($"'{string.Join(' ', _process.StartInfo.ArgumentList)}' ended with exit code {_process.ExitCode}.");
    }
}
