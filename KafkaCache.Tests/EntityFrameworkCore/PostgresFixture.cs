using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Testing.Nodes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.EntityFrameworkCore;
using KafkaCaching.Tests.House;
using KafkaCaching.Tests.Processes;
using KafkaCaching.Tests.Store;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The PostgreSQL server that all tests share. On first use, it is found or started: a running one, or a child process of Debian's
/// server. Tests that need it take this fixture, and are skipped if there is no server.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    public const string ConnectionVariable = "KAFKACACHE_TEST_POSTGRES";

    // The server refuses to run as root, so it runs as the user "nobody", which exists on every system.
    private const string Nobody = "65534";

    private readonly Lazy<Task<string?>> _connection;
    private string[] _settings = [];
    private bool _isOwn;
    private Process? _server;
    private TemporaryDirectory? _folder;

    public PostgresFixture() => _connection = new Lazy<Task<string?>>(FindOrStartAsync);

    /// <summary>Creates a server for one test.</summary>
    /// <param name="settings">Additional settings, such as <c>wal_level=replica</c>.</param>
    internal static PostgresFixture Own(params string[] settings) =>
        new() { _settings = settings, _isOwn = true };

    /// <summary>Creates an empty database.</summary>
    /// <returns>The connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var server = await _connection.Value;
        Assert.SkipWhen(
            server is null, $"Needs a PostgreSQL server: Debian's package postgresql-15, or a connection string in {ConnectionVariable}.");
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(server!, $"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            _server.StandardInput.Close();
            await _server.ExitCodeAsync(TimeSpan.FromMinutes(1));
            _server.Dispose();
        }

        _folder?.Dispose();
    }

    private async Task<string?> FindOrStartAsync()
    {
        if (!_isOwn && Environment.GetEnvironmentVariable(ConnectionVariable) is { Length: > 0 } running)
            return running;
        if (Programs() is not { } programs)
            return null;
        _folder = new TemporaryDirectory();
        var data = Path.Combine(_folder.Path, "data");
        Directory.CreateDirectory(data);
        if (IsRoot)
            await RunAsync("chown", Nobody, _folder.Path, data);
        using (var init = Start(programs, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"))
            Assert.Equal(0, await init.ExitCodeAsync(TimeSpan.FromMinutes(2)));
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        string[] settings = [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=300", "max_prepared_transactions=20",
            "wal_level=logical", "max_replication_slots=50", "max_wal_senders=50", .. _settings,
        ];
        _server = StartServer(
            programs, "postgres", ["-D", data, "-p", port, .. settings.SelectMany(static setting => new[] { "-c", setting })]);
        var connection = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=60;Command Timeout=120";
        await Eventually.TrueAsync(() => AnswersAsync(connection), "PostgreSQL answers", TimeSpan.FromMinutes(1));
        return connection;
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    private static string? Programs()
    {
        string[] roots = ["/usr/lib/postgresql", Path.Combine(Repository.Root, ".local", "postgres", "usr", "lib", "postgresql")];
        return roots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Select(static version => Path.Combine(version, "bin"))
            .FirstOrDefault(static bin => File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb")));
    }

    // The shell stops the server when its standard input is closed, which happens whenever the test process ends.
    private static Process StartServer(string programs, string program, params string[] arguments) => Start(
        programs, ["sh", "-c", "\"$@\" & read -r _; kill -INT $!; wait", "sh", .. CommandOf(programs, program, arguments)]);

    private static Process Start(string programs, string program, params string[] arguments) =>
        Start(programs, CommandOf(programs, program, arguments));

    private static string[] CommandOf(string programs, string program, string[] arguments)
    {
        var path = Path.Combine(programs, program);
        return IsRoot
            ? ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", path, .. arguments]
            : [path, .. arguments];
    }

    private static Process Start(string programs, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false };
        // If the server was unpacked and not installed, its libraries are in this folder.
        var libraries = Path.GetFullPath(Path.Combine(programs, "..", "..", "..", "x86_64-linux-gnu"));
        if (Directory.Exists(libraries) && programs.StartsWith(Repository.Root, StringComparison.Ordinal))
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<bool> AnswersAsync(string connection)
    {
        try
        {
            await ExecuteAsync(connection, "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
