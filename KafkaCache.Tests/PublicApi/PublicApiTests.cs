using System.Reflection;
using KafkaCaching.Tests.House;
using Xunit;

namespace KafkaCaching.Tests.PublicApi;

public sealed class PublicApiTests
{
    private const string WriteVariable = "KAFKACACHE_WRITE_API";
    private const string Command = WriteVariable + "=1 dotnet test KafkaCache.Tests --filter FullyQualifiedName~PublicApiTests";

    [Theory]
    [InlineData("KafkaCache")]
    [InlineData("KafkaCache.AspNetCore")]
    [InlineData("KafkaCache.EntityFrameworkCore")]
    [InlineData("KafkaCache.EntityFrameworkCore.Debezium")]
    [InlineData("KafkaCache.EntityFrameworkCore.PostgreSQL")]
    [InlineData("KafkaCache.Hybrid")]
    [InlineData("KafkaCache.Jobs")]
    [InlineData("KafkaCache.Prometheus")]
    [InlineData("KafkaCache.Testing")]
    public void Public_face_is_the_one_in_the_baseline(string assembly)
    {
        var file = Path.Combine(Repository.Root, "KafkaCache.Tests", "PublicApi", $"{assembly}.txt");
        var actual = PublicSurface.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable(WriteVariable) is "1")
        {
            File.WriteAllText(file, string.Join('\n', [.. actual, ""]));
            return;
        }

        string[] expected = File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => line.Length > 0)] : [];
        string[] difference = [
            .. expected.Except(actual).Select(line => $"- {line}"), .. actual.Except(expected).Select(line => $"+ {line}"),
        ];
        Assert.True(
            difference.Length == 0 && expected.Length == actual.Length,
            $"The public face of {assembly} is not the one in {Path.GetFileName(file)} (- in the file, + in the assembly):\n"
            + $"{string.Join('\n', difference)}\nIf that is meant, write the baseline anew and commit it:\n  {Command}");
    }

    [Fact]
    public void Signatures_are_written_as_in_CSharp()
    {
        var lines = PublicSurface.Of([typeof(Sample<>), typeof(ISample), typeof(Kind), typeof(Judge), typeof(Pair)]);
        var name = $"{typeof(PublicApiTests).Namespace}.{nameof(PublicApiTests)}";
        Assert.Equal(
            [
                $"delegate {name}.Judge: bool (in int number)",
                $"enum {name}.Kind",
                $"enum {name}.Kind: First = 1",
                $"interface {name}.ISample",
                $"interface {name}.ISample: string? Find(string name, out long? length)",
                $"readonly ref struct {name}.Pair",
                $"readonly ref struct {name}.Pair: Pair()",
                $"readonly ref struct {name}.Pair: int Left {{ get; }}",
                $"sealed class {name}.Sample<T> : IDisposable where T : notnull",
                $"sealed class {name}.Sample<T>: IList<T?>? Items {{ get; init; }}",
                $"sealed class {name}.Sample<T>: Sample()",
                $"sealed class {name}.Sample<T>: Task<string?> RunAsync(T value, Kind kind = Kind.First, TimeSpan? wait = null, "
                + "CancellationToken token = default)",
                $"sealed class {name}.Sample<T>: const int Most = 3",
                $"sealed class {name}.Sample<T>: event EventHandler? Changed",
                $"sealed class {name}.Sample<T>: static explicit operator int(Sample<T> sample)",
                $"sealed class {name}.Sample<T>: void Dispose()",
            ],
            lines);
    }

#pragma warning disable CA1034, CA1815, CA1822, CA1711 // Samples of public members.
    public enum Kind
    {
        First = 1,
    }

    public delegate bool Judge(in int number);

    public interface ISample
    {
        string? Find(string name, out long? length);
    }

    public readonly ref struct Pair
    {
        public Pair() => Left = 1;

        public int Left { get; }
    }

    public sealed class Sample<T> : IDisposable
        where T : notnull
    {
        public const int Most = 3;

        public event EventHandler? Changed;

        public IList<T?>? Items { get; init; }

        public static explicit operator int(Sample<T> sample) => Most;

        public Task<string?> RunAsync(T value, Kind kind = Kind.First, TimeSpan? wait = null, CancellationToken token = default) =>
            Task.FromResult<string?>(null);

        public void Dispose() => Changed?.Invoke(this, EventArgs.Empty);

        internal void Hidden() => Dispose();
    }
#pragma warning restore
}
