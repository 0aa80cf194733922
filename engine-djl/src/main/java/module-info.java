/**
 * Runs graphs on DJL's engines and reads the engines' own files.
 *
 * <p>An engine whose DJL module is absent is listed as not installed.
 */
@org.jspecify.annotations.NullMarked
module io.vitrail.engine.djl {
    requires transitive io.vitrail.api;
    requires io.vitrail.archive;
    requires static ai.djl.mxnet_engine;
    requires static ai.djl.pytorch_engine;
    requires com.google.gson;
    requires static com.sun.jna;
    requires static org.jspecify;

    exports io.vitrail.engine.djl;

    provides io.vitrail.api.Engine with
            io.vitrail.engine.djl.torch.PyTorchEngine,
            io.vitrail.engine.djl.mxnet.MxNetEngine;
    provides io.vitrail.api.BlockFormat with
            io.vitrail.engine.djl.block.DjlBlocks;
    provides io.vitrail.api.ModelFormat with
            io.vitrail.engine.djl.torchscript.TorchScriptFormat,
            io.vitrail.engine.djl.symbol.SymbolFormat;
}
