using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Hosting;

/// <summary>Records the categories of created loggers. A new cache creates its logger first.</summary>
internal sealed class CategoryRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _categories = new();

    public IEnumerable<string> Caches => _categories.Where(static category => category.StartsWith("KafkaCache.", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName)
    {
        _categories.Enqueue(categoryName);
        return NullLogger.Instance;
    }

    public void Dispose()
    {
        // The recorded categories are kept.
    }
}
