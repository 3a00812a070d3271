using System.Diagnostics;

namespace KafkaCaching.Testing;

/// <summary>An unpacked release of Apache Kafka 4 and its scripts. The scripts need a Unix shell and Java 17 or later (found through
/// <c>JAVA_HOME</c> or the path).</summary>
public sealed class KafkaRelease
{
    /// <summary>The environment variable that names the folder of an unpacked release.</summary>
    public const string HomeVariable = "KAFKA_HOME";

    private const int QuotedOutputLength = 4_000;

    /// <summary>Uses the release in a folder.</summary>
    /// <param name="home">The folder, which contains <c>bin/kafka-server-start.sh</c>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder doesn't contain a release.</exception>
    public KafkaRelease(string home)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        Home = Path.GetFullPath(home);
        if (!File.Exists(Script("kafka-server-start.sh")))
            throw new DirectoryNotFoundException(
                $"'{Home}' is not an unpacked release of Apache Kafka: it has no bin/kafka-server-start.sh.");
    }

    /// <summary>The folder of the release.</summary>
    public string Home { get; }

    /// <summary>The release that the environment names.</summary>
    /// <returns>The release, or <see langword="null"/> if <c>KAFKA_HOME</c> is not set.</returns>
    /// <exception cref="DirectoryNotFoundException"><c>KAFKA_HOME</c> is set, but its folder doesn't contain a release.</exception>
    public static KafkaRelease? FromEnvironment() =>
        Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home ? new KafkaRelease(home) : null;

    /// <summary>Runs one of the release's tools until it ends.</summary>
    /// <param name="script">The script's file name in <c>bin</c>, such as <c>kafka-console-producer.sh</c>.</param>
    /// <param name="arguments">The arguments of the script.</param>
    /// <param name="input">What the tool reads from standard input, or <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <returns>What the tool wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">The tool ended with an exit code other than 0. The message contains the end of its
    /// output.</exception>
    public async Task<string> RunAsync(
        string script, IEnumerable<string> arguments, Stream? input = null, CancellationToken cancellationToken = default)
    {
        using var process = new Process { StartInfo = StartInfo(script, arguments) };
        process.StartInfo.RedirectStandardInput = true;
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        process.Start();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            Exception? refusedInput = await WriteInputAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0 || refusedInput is not null)
            {
                throw new InvalidOperationException(
                    $"{script} ended with exit code {process.ExitCode}:\n{Tail(await output)}\n{Tail(await errors)}", refusedInput);
            }

            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    internal string Script(string name) => Path.Combine(Home, "bin", name);

    internal static string Tail(string text) => text.Length <= QuotedOutputLength ? text : text[^QuotedOutputLength..];

    private static async Task<IOException?> WriteInputAsync(Process process, Stream? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await input.CopyToAsync(process.StandardInput.BaseStream, cancellationToken);
            process.StandardInput.Close();
            return null;
        }
        catch (IOException closed)
        {
            // A tool that fails stops reading its input. The exception is returned, so that the tool's own output, which states the cause,
            // can be reported first.
            return closed;
        }
    }

    private ProcessStartInfo StartInfo(string script, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Script(script), arguments);

        // The scripts create a log folder, by default in the release's folder, which may be read-only.
        start.Environment["LOG_DIR"] = Path.GetTempPath();
        start.Environment.TryAdd("KAFKA_HEAP_OPTS", "-Xmx256m");
        return start;
    }
}
