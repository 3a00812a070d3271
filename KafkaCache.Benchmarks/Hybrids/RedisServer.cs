using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>The Redis server of a run: either the given one, or one that is started without persistence for the run and stopped at its
/// end.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process? _own;

    private RedisServer(string address, Process? own) => (Address, _own) = (address, own);

    /// <summary>The address, as <c>host:port</c>.</summary>
    public string Address { get; }

    /// <exception cref="InvalidOperationException">There is no server on this machine, or it does not start.</exception>
    public static async Task<RedisServer> OpenAsync(string? address)
    {
        if (address is not null)
            return new RedisServer(address, own: null);
        var port = FreePort.Take();
        var own = Start(port);
        var redis = new RedisServer(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), own);
        try
        {
            await WaitUntilServingAsync(own, port);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null)
            return;
        if (!_own.HasExited)
            _own.Kill();
        await _own.WaitForExitAsync();
        _own.Dispose();
    }

    private static Process Start(int port)
    {
        var (file, libraries) = Find() ?? throw new InvalidOperationException(
            "There is no redis-server on the PATH or in .local/redis. Run eng/redis.sh, or give the address of one with --redis.");
        var start = new ProcessStartInfo(
            file,
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--loglevel", "warning",
            ])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        if (libraries is not null)
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task WaitUntilServingAsync(Process process, int port)
    {
        using var deadline = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"redis-server ended with exit code {process.ExitCode} as it started.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, deadline.Token);
            }
        }
    }

    /// <returns>The path of the program, and the directory of its libraries if they are not installed in the system.</returns>
    private static (string File, string? Libraries)? Find()
    {
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "redis-server"))
            .FirstOrDefault(File.Exists);
        if (installed is not null)
            return (installed, null);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var unpacked = Path.Combine(folder.FullName, ".local", "redis");
            var file = Path.Combine(unpacked, "usr", "bin", "redis-server");
            if (!File.Exists(file))
                continue;
            var libraries = Directory.EnumerateFiles(Path.Combine(unpacked, "usr", "lib"), "*.so*", SearchOption.AllDirectories)
                .Select(static library => Path.GetDirectoryName(library)!)
                .Distinct(StringComparer.Ordinal);
            return (file, string.Join(':', libraries));
        }

        return null;
    }
}
