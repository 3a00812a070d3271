using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Testing.Nodes;
using Npgsql;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>The PostgreSQL server of a run: either the given one, or one that is started for the run and stopped at its end.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process? _own;
    private readonly string? _folder;

    private PostgresServer(string connectionString, Process? own, string? folder) =>
        (ConnectionString, _own, _folder) = (connectionString, own, folder);

    public string ConnectionString { get; }

    /// <exception cref="InvalidOperationException">There is no server on this machine, or it does not start.</exception>
    public static async Task<PostgresServer> OpenAsync(string? connectionString)
    {
        if (connectionString is not null)
            return new PostgresServer(connectionString, own: null, folder: null);
        var programs = Programs() ?? throw new InvalidOperationException(
            "There is no PostgreSQL on this machine (Debian's package: postgresql). Install it, or give the connection string of one with "
            + "--postgres.");
        var folder = Directory.CreateTempSubdirectory("kafkacache-postgres-").FullName;
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder);
        string[] initdb = [Path.Combine(programs, "initdb"), "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync"];
        await RunAsync(AsUser(initdb));
        var own = Start(AsUser(Path.Combine(programs, "postgres"), "-D", $"{folder}/data", "-p", port, "-k", folder, "-h", "127.0.0.1"));
        var server = new PostgresServer($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres", own, folder);
        try
        {
            await server.WaitUntilServingAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null)
            return;

        // SIGINT starts PostgreSQL's fast shutdown.
        if (!_own.HasExited)
            await RunAsync("kill", "-INT", _own.Id.ToString(CultureInfo.InvariantCulture));
        await _own.WaitForExitAsync();
        _own.Dispose();
        Directory.Delete(_folder!, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    private static string[] AsUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/",
    })!;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with exit code {process.ExitCode}: {output}");
    }

    private static string? Programs()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        const string Debian = "/usr/lib/postgresql";
        string[] versions = Directory.Exists(Debian) ? [.. Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal)] : [];
        folders = [.. folders, .. versions.Select(static one => Path.Combine(one, "bin"))];
        return Array.Find(
            folders, static one => File.Exists(Path.Combine(one, "initdb")) && File.Exists(Path.Combine(one, "postgres")));
    }

    private async Task WaitUntilServingAsync()
    {
        _own!.BeginErrorReadLine();
        _own.BeginOutputReadLine();
        using var deadline = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            if (_own.HasExited)
                throw new InvalidOperationException($"PostgreSQL ended with exit code {_own.ExitCode} as it started.");
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(deadline.Token);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(Pause, deadline.Token);
            }
        }
    }
}
