using Hearsay.Learning.Kernels;
using Hearsay.Protocols;

namespace Hearsay.Learning.Tests.Models;

public sealed class LearningModelTests
{
    public static TheoryData<string> Kinds => ["logistic", "softmax", "mlp", "adaline", "regression"];

    [Fact]
    public void Pegasos_tests_the_margin_with_the_old_weights_and_then_shrinks()
    {
        var model = LinearModel.Pegasos(2);
        var data = new LearningData([2, 1, 0.5f, -1], [1, 0], 2);
        var weights = new float[3];

        // t = 1, lambda 0.5: eta 2, (1 - 1/t) = 0, violated: w = 2 * (2, 1, 1).
        model.Update(weights, data, [0], step: 2, decay: 0.5f);
        Assert.Equal([4f, 2f, 2f], weights);

        // t = 2: eta 1, shrink to half; y = -1, score 4*0.5 - 2 + 2 = 2, violated.
        model.Update(weights, data, [1], step: 1, decay: 0.5f);
        Assert.Equal([1.5f, 2f, 0f], weights);

        // Shrink to a tenth; y = 1, and the score of 5 before that is far enough: nothing added.
        model.Update(weights, data, [0], step: 1.8f, decay: 0.5f);
        Assert.Equal(0.15f, weights[0], 1e-6f);
        Assert.Equal(0.2f, weights[1], 1e-6f);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_with_more_or_fewer_features_than_the_model_takes_is_refused(string kind)
    {
        var model = Of(kind).Model;
        var trained = new TrainedModel(model, new float[model.ParameterCount], 1);
        foreach (var count in new[] { 0, 1, 3, 4 })
        {
            var error = Assert.Throws<ArgumentException>(() => trained.Predict(new float[count]));
            Assert.Contains($"2 features, not {count}", error.Message, StringComparison.Ordinal);
        }

        trained.Predict(new float[2]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_step_goes_down_the_slope_of_the_loss(string kind)
    {
        var (model, data) = Of(kind);
        var random = new SeededRandom(7);
        var weights = new float[model.ParameterCount];
        model.Initialise(weights, ref random);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] += (float)(random.NextDouble() - 0.5);
        }

        var moved = weights.ToArray();
        const float Step = 1e-3f;
        model.Update(moved, data, [0, 1, 2], Step, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            const float Little = 2e-2f;
            var (up, down) = (weights.ToArray(), weights.ToArray());
            up[i] += Little;
            down[i] -= Little;
            var slope = (Loss(kind, model, up, data) - Loss(kind, model, down, data)) / (2 * Little);
            Assert.Equal(-slope, (moved[i] - weights[i]) / (double)Step, 2e-2 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Theory]
    [InlineData("pegasos", 0.0001, 10_000, StepRule.Inverse)]
    [InlineData("logistic", 0.01, 100, StepRule.Inverse)]
    [InlineData("adaline", 0, 0.01, StepRule.Constant)]
    [InlineData("softmax", 0.0001, 1, StepRule.SquareRoot)]
    [InlineData("mlp", 0, 0.5, StepRule.SquareRoot)]
    public void Every_classifier_learns_to_tell_apart_what_a_line_separates(
        string kind, double lambda, double eta, StepRule rule)
    {
        var data = TestData.Line(500, seed: 3);
        var (model, _) = Of(kind);
        var options = new LearningOptions { Lambda = lambda, Eta = eta, Step = rule };
        var weights = new float[model.ParameterCount];
        var random = new SeededRandom(5);
        model.Initialise(weights, ref random);
        for (var age = 1; age <= 3000; age++)
        {
            var step = (float)State.LearnerStateAccess.StepOf(options, age);
            model.Update(weights, data, [random.Below(data.RowCount)], step, (float)lambda);
        }

        Assert.InRange(model.Evaluate(weights, data), 0, 0.04);
    }

    [Fact]
    public void Networks_begin_alike_on_all_nodes()
    {
        var model = new MlpModel(4, 3, 2);
        var (one, other) = (new SeededRandom(1), new SeededRandom(2));
        var (left, right) = (new float[model.ParameterCount], new float[model.ParameterCount]);
        model.Initialise(left, ref one);
        model.Initialise(right, ref other);
        Assert.Equal(left, right);
        Assert.NotEqual(model.Kind, new MlpModel(4, 3, 2, seed: 2).Kind);
    }

    internal static (ILearningModel Model, LearningData Data) Of(string kind)
    {
        float[] features = [0.5f, -1.2f, 1.5f, 0.3f, -0.4f, 0.8f];
        var isRegression = kind == "regression";
        var data = new LearningData(features, isRegression ? [1.5f, -2f, 0.25f] : [1, 0, 1], isRegression ? 0 : 2);
        return (kind switch
        {
            "logistic" => LinearModel.Logistic(2),
            "adaline" => LinearModel.Adaline(2),
            "pegasos" => LinearModel.Pegasos(2),
            "regression" => LinearModel.Regression(2),
            "softmax" => new SoftmaxModel(2, 2),
            _ => new MlpModel(2, 3, 2),
        }, data);
    }

    /// <summary>The mean loss over the three records, from its definition.</summary>
    private static double Loss(string kind, ILearningModel model, float[] weights, LearningData data)
    {
        var sum = 0.0;
        for (var row = 0; row < 3; row++)
        {
            var x = data.Features(row);
            var target = data.Target(row);
            sum += kind switch
            {
                "softmax" => -Math.Log(Share([Score(weights, x, 0, 4), Score(weights, x, 2, 5)], (int)target)),
                "mlp" => -Math.Log(Share(Network(weights, x), (int)target)),
                "logistic" => Math.Log(1 + Math.Exp(-(target > 0 ? 1 : -1) * Score(weights, x, 0, 2))),
                _ => Math.Pow((kind == "adaline" ? (target > 0 ? 1 : -1) : target) - Score(weights, x, 0, 2), 2) / 2,
            };
        }

        return sum / 3;
    }

    private static double Score(float[] weights, ReadOnlySpan<float> x, int first, int bias) =>
        ((double)weights[first] * x[0]) + ((double)weights[first + 1] * x[1]) + weights[bias];

    private static double Share(double[] scores, int target) =>
        Math.Exp(scores[target]) / scores.Sum(Math.Exp);

    /// <summary>Three hidden units of two inputs, two classes: 6 + 6 weights, then 3 + 2 biases.</summary>
    private static double[] Network(float[] weights, ReadOnlySpan<float> x)
    {
        var hidden = new double[3];
        for (var h = 0; h < 3; h++)
        {
            hidden[h] = Math.Tanh(Score(weights, x, 2 * h, 12 + h));
        }

        return [.. Enumerable.Range(0, 2).Select(k =>
            hidden.Select((value, h) => value * weights[6 + (3 * k) + h]).Sum() + weights[15 + k])];
    }
}
