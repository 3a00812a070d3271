using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KafkaCaching.Testing.Nodes;

/// <summary>One Kafka process: its folder, its ports and its lifetime.</summary>
internal sealed class KafkaNode(int id, string directory, KafkaRelease release, string heapOptions)
{
    // The shell replaces itself with the broker (exec), so its process ID is the broker's. A background watcher reads from a pipe whose
    // other end this process holds. If this process ends, however it ends, the pipe closes without a line, and the watcher kills the
    // broker. A line means that the broker has been stopped on purpose.
    private const string Launcher =
        """
        exec 3<&0
        ( read -r line || kill -KILL $$ ) <&3 >/dev/null 2>&1 &
        exec "$@" >>"$BROKER_LOG" 2>&1 </dev/null 3<&-
        """;

    private Process? _process;

    public int Id { get; } = id;

    public int Port { get; } = FreePort.Take();

    public int ControllerPort { get; } = FreePort.Take();

    public string Directory { get; } = directory;

    public string Address => $"127.0.0.1:{Port}";

    public bool IsRunning => _process is { HasExited: false };

    public async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public string LogTail => File.Exists(LogFile) ? KafkaRelease.Tail(ReadLog()) : "(no log)";

    private string LogFile => Path.Combine(Directory, "broker.log");

    private string SettingsFile => Path.Combine(Directory, "server.properties");

    public async Task FormatAsync(
        IEnumerable<KeyValuePair<string, string>> settings, string clusterId, string controllers, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        await File.WriteAllLinesAsync(SettingsFile, settings.Select(static pair => $"{pair.Key}={pair.Value}"), cancellationToken);
        await release.RunAsync(
            "kafka-storage.sh",
            ["format", "--cluster-id", clusterId, "--config", SettingsFile, "--initial-controllers", controllers],
            cancellationToken: cancellationToken);
    }

    public void Start()
    {
        if (_process is not null)
            throw new InvalidOperationException($"Node {Id} is already running, or ended by itself and was not stopped.");

        var start = new ProcessStartInfo("/bin/sh", ["-c", Launcher, "sh", release.Script("kafka-server-start.sh"), SettingsFile])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["BROKER_LOG"] = LogFile;
        start.Environment["LOG_DIR"] = Directory;
        start.Environment["KAFKA_HEAP_OPTS"] = heapOptions;
        _process = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
    }

    public Task PauseAsync() => SignalAsync(Running(), "STOP");

    public Task ResumeAsync() => SignalAsync(Running(), "CONT");

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Process process = Running();
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        await DismissWatcherAsync(process);
    }

    /// <summary>Stops the node with SIGTERM, and kills it when the timeout has passed. Does nothing if the node is not running.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        if (_process is not { } process)
            return;

        await SignalAsync(process, "CONT");
        await SignalAsync(process, "TERM");
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await DismissWatcherAsync(process);
    }

    // The broker has ended and its process ID may be reused, so the watcher must not kill that ID when this process ends.
    private async Task DismissWatcherAsync(Process process)
    {
        _process = null;
        try
        {
            await process.StandardInput.WriteLineAsync("stopped");
        }
        catch (IOException)
        {
            // The watcher was killed earlier, so there is nothing left to dismiss.
        }
        finally
        {
            process.Dispose();
        }
    }

    private Process Running() =>
        _process is { HasExited: false } process ? process : throw new InvalidOperationException($"Node {Id} is not running.");

    // The shell's built-in kill accepts signal names, whereas signal numbers differ between systems.
    private async Task SignalAsync(Process process, string signal)
    {
        if (process.HasExited)
            return;
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id} 2>/dev/null"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0 && !process.HasExited)
            throw new InvalidOperationException($"Node {Id} could not be sent the signal {signal}.");
    }

    private string ReadLog()
    {
        using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
