using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The container's clock, where it has one.</summary>
internal static class Clock
{
    public static DateTimeOffset Now(this IServiceProvider services) =>
        (services.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
}
