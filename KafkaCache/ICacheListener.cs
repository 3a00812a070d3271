namespace KafkaCaching;

/// <summary>A service that listens to the caches' meter or activity source from the moment it is created, such as a metrics exporter. A
/// container creates all its listeners before it starts its first cache, so they miss nothing.</summary>
public interface ICacheListener;
