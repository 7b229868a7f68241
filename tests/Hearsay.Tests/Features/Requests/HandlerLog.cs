using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hearsay.Tests.Features.Requests;

/// <summary>Keeps the messages of errors that were logged.</summary>
internal sealed class HandlerLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            Errors.Enqueue(exception.Message);
        }
    }

    public void Dispose()
    {
    }
}
