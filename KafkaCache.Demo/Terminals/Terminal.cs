using Spectre.Console;

namespace KafkaCaching.Demo.Terminals;

/// <summary>Where the demo writes its lines. While a live display stands, lines go above it; several threads may write at once.</summary>
internal sealed class Terminal(TextWriter output, IAnsiConsole? live = null)
{
    private readonly Lock _lock = new();
    private bool _isLive;

    public TextWriter Output { get; } = output;

    /// <summary>The standard output, with a live display where it is a terminal that can show one.</summary>
    public static Terminal OfProcess()
    {
        var console = AnsiConsole.Console;
        var capabilities = console.Profile.Capabilities;
        return new Terminal(Console.Out, capabilities.Ansi && !Console.IsOutputRedirected ? console : null);
    }

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            if (_isLive)
                live!.WriteLine(line);
            else
                Output.WriteLine(line);
        }
    }

    /// <summary>Shows something live, where the terminal can.</summary>
    /// <returns>Whether it could.</returns>
    public async Task<bool> TryShowLiveAsync(Func<IAnsiConsole, Task> show)
    {
        if (live is null)
            return false;

        SetLive(true);
        try
        {
            await show(live);
            return true;
        }
        finally
        {
            SetLive(false);
        }
    }

    private void SetLive(bool value)
    {
        lock (_lock)
            _isLive = value;
    }
}
