package io.vitrail.cli;

/** The calls whose errors are reviewed, one a line: the golden file's name, then the words. */
final class ErrorCalls {
    static final String ALL =
            """
            unknown-command: explian
            unknown-option: explain MODEL PICTURE --preproces unit
            missing-words: explain
            one-word-too-many: methods grad-cam grad-cam
            option-without-value: explain MODEL PICTURE -o
            batch-no-number: explain MODEL PICTURE --batch many
            batch-zero: explain MODEL PICTURE --batch 0
            threads-negative: layers MODEL --threads -1
            threads-zero: layers MODEL --threads 0
            shape-of-another-rank: layers MODEL --shape 64x64
            shape-of-another-rank-explained: explain MODEL PICTURE --shape 64x64 -o DIR/o
            shape-too-large: layers MODEL --shape 1x3x100000x100000
            shape-of-other-channels: layers MODEL --shape 1x4x64x64
            shape-no-shape: layers MODEL --shape 1x3x
            top-zero: predict MODEL PICTURE --top 0
            save-unknown: explain MODEL PICTURE --save png,gif
            setting-no-setting: explain MODEL PICTURE -s relu
            output-below-a-file: explain MODEL PICTURE -o DIR/broken.png/o
            demo-output-is-a-file: demo -o DIR/broken.png
            output-is-a-file: explain MODEL PICTURE -o DIR/broken.png
            unknown-engine: explain MODEL PICTURE --engine tensorflow
            unknown-engine-option: explain MODEL PICTURE -E exakt=true -o DIR/o
            unknown-method: explain MODEL PICTURE -m grad-cma
            unknown-method-described: methods grad-cma
            unknown-setting: explain MODEL PICTURE -m grad-cam -s rellu=false -o DIR/o
            setting-of-a-method-not-chosen: explain MODEL PICTURE -m gradient -s grad-cam.relu=false -o DIR/o
            setting-value: explain MODEL PICTURE -m grad-cam -s relu=perhaps -o DIR/o
            setting-choice: explain MODEL PICTURE -m grad-cam -s resize=bicubic -o DIR/o
            unknown-score: explain MODEL PICTURE --score loss
            unknown-colours: explain MODEL PICTURE --colours viridia -o DIR/o
            colours-of-one-kind: explain MODEL PICTURE --colours grey --colours viridis -o DIR/o
            unknown-layer: explain MODEL PICTURE -l layr3 -o DIR/o
            unknown-layer-glob: explain MODEL PICTURE -l stage* -o DIR/o
            glob-without-space: explain MODEL PICTURE -m grad-cam -l f* -o DIR/o
            layer-without-space: explain MODEL PICTURE -m grad-cam -l fc -o DIR/o
            no-activation-there: explain MODEL PICTURE -m pre-activation -l conv1 -o DIR/o
            no-layer-chosen: explain MODEL PICTURE -m activation -o DIR/o
            unknown-target: explain MODEL PICTURE -t clas:1 -o DIR/o
            unknown-class: explain MODEL PICTURE -t class:8 -o DIR/o
            classes-for-other-inputs: explain MODEL PICTURE -t class:1,2 -o DIR/o
            unknown-label: explain MODEL PICTURE -t label:rink -o DIR/o
            label-without-labels: explain DIR/bare.pt DIR/zeros.npy -t label:ring -o DIR/o
            target-unknown-layer: explain MODEL PICTURE -t layer:fcc -o DIR/o
            target-unknown-output: explain MODEL PICTURE -t output:1/sum -o DIR/o
            target-channel: explain MODEL PICTURE -t channel:layer3:64 -o DIR/o
            target-channel-without-channels: explain MODEL PICTURE -t channel:layer3 -o DIR/o
            target-neuron-indices: explain MODEL PICTURE -t neuron:layer3:1 -o DIR/o
            target-neuron-range: explain MODEL PICTURE -t neuron:fc:8 -o DIR/o
            target-predicted-at-a-map: explain MODEL PICTURE -t at:layer3/predicted -o DIR/o
            target-yolo-of-a-classifier: explain MODEL PICTURE -t yolo -o DIR/o
            missing-model: layers nope.pt
            model-is-a-folder: layers DIR
            model-saved-model: layers DIR/classifier
            model-weights-only: layers SHARED:keras/bad/weights_only_k2.h5
            model-of-no-format: layers DIR/model.caffemodel
            model-no-archive: layers DIR/broken.pt
            model-truncated: layers SHARED:bad/truncated.pt
            model-state-dict: layers SHARED:bad/state_dict.pt
            model-pickled-module: layers SHARED:bad/pickled_module.pt
            model-exported: layers SHARED:bad/exported.pt2
            model-unknown-operator: layers SHARED:bad/code_unknown_operator.pt
            model-missing-tensor: layers SHARED:bad/missing_tensor.pt
            model-crc: layers SHARED:bad/crc_mismatch.pt
            model-short-tensor: layers SHARED:bad/short_tensor.pt
            model-bomb: layers SHARED:bad/bomb_deflated.pt
            model-pickle-calls: layers SHARED:bad/pickle_calls_os_system.pt
            model-version: layers SHARED:bad/version_from_the_future.pt
            missing-input: explain MODEL DIR/nope.png -o DIR/o
            input-no-picture: explain MODEL DIR/broken.png -o DIR/o
            input-no-arrays: explain MODEL DIR/broken.npz -o DIR/o
            input-other-keys: explain MODEL DIR/image.npz -o DIR/o
            input-rank: explain MODEL DIR/rank.npy -o DIR/o
            input-channels: explain MODEL DIR/channels.npy -o DIR/o
            input-nan: explain MODEL DIR/nan.npy -o DIR/o
            input-empty-folder: explain MODEL DIR/empty -o DIR/o
            input-empty-list: explain MODEL DIR/empty.txt -o DIR/o
            input-glob-of-nothing: explain MODEL DIR/*.tiff -o DIR/o
            input-one-of-several: explain SHARED:torchscript/odd/two_inputs_traced.pt DIR/zeros.npy -o DIR/o
            input-picture-for-several: explain SHARED:torchscript/odd/two_inputs_traced.pt PICTURE --preprocess unit,size=16 -o DIR/o
            input-keys-for-several: explain SHARED:torchscript/odd/two_inputs_traced.pt DIR/image.npz -o DIR/o
            input-floats-for-tokens: explain SHARED:torchscript/odd/embedding_traced.pt DIR/rank.npy -l embedding -m gradient -o DIR/o
            guided-grad-cam-at-whole-numbers: explain SHARED:torchscript/odd/embedding_traced.pt DIR/tokens.npy -m guided-grad-cam -l embedding -o DIR/o
            vocabulary-no-json: explain MODEL PICTURE --vocabulary DIR/list.json
            missing-vocabulary: explain MODEL PICTURE --vocabulary DIR/nope.txt
            csv-cell: explain DIR/bare.pt DIR/cell.csv -o DIR/o
            csv-row: explain DIR/bare.pt DIR/row.csv -o DIR/o
            csv-for-pictures: explain DIR/bare.pt DIR/sound.csv -o DIR/o
            csv-for-several: explain SHARED:torchscript/odd/two_inputs_traced.pt DIR/sound.csv -o DIR/o
            csv-columns: explain SHARED:torchscript/odd/embedding_traced.pt DIR/sound.csv -o DIR/o
            no-rectifier: explain SHARED:torchscript/vit_tiny_traced.pt PICTURE --preprocess unit,size=64 -m guided-backprop -o DIR/o
            no-preprocess: explain DIR/bare.pt PICTURE -o DIR/o
            no-size: explain DIR/bare.pt PICTURE --preprocess unit -o DIR/o
            preprocess-unknown-word: explain MODEL PICTURE --preprocess torsh,size=96
            preprocess-two-presets: explain MODEL PICTURE --preprocess torch,unit
            preprocess-no-preset: explain MODEL PICTURE --preprocess size=96
            preprocess-size: explain MODEL PICTURE --preprocess unit,size=big
            preprocess-mean: explain MODEL PICTURE --preprocess unit,mean=1:2
            preprocess-mean-of-a-preset: explain MODEL PICTURE --preprocess torch,mean=0.5
            preprocess-std-zero: explain MODEL PICTURE --preprocess unit,std=0
            preprocess-three-channels-for-one: explain MODEL PICTURE --preprocess unit,grey -o DIR/o
            missing-labels: explain MODEL PICTURE --labels DIR/nope.txt
            too-few-labels: explain MODEL PICTURE --labels DIR/three.txt -o DIR/o
            empty-labels: explain MODEL PICTURE --labels DIR/none.txt -o DIR/o
            sidecar-unknown-key: layers DIR/sidecar.pt
            sidecar-no-json: layers DIR/nojson.pt
            sidecar-says-nothing: sidecar MODEL
            sidecar-missing-model: sidecar DIR/nope.pt -l fc
            sidecar-anchors: sidecar MODEL --anchors -1
            sidecar-unknown-layer: sidecar DIR/bare.pt -l layr3
            sidecar-layer-without-space: sidecar DIR/bare.pt -l fc
            sidecar-too-few-labels: sidecar DIR/bare.pt --labels DIR/three.txt
            sidecar-shape: sidecar DIR/bare.pt --shape 64x64
            sidecar-anchors-of-a-classifier: sidecar DIR/bare.pt --anchors 3
            layers-unknown-shape: layers SHARED:torchscript/odd/two_inputs_scripted.pt
            memory-no-size: explain MODEL PICTURE --memory lots -o DIR/o
            io-threads-zero: explain MODEL PICTURE --io-threads 0 -o DIR/o
            resume-without-record: explain MODEL PICTURE --resume --save png -o DIR/o
            deadline-no-time: explain MODEL PICTURE --deadline soon -o DIR/o
            plugins-missing-folder: methods --plugins DIR/nowhere
            plugins-unknown: plugins info gras --plugins DIR/plugged
            plugins-unknown-command: plugins instal DIR/none.jar
            plugins-install-missing: plugins install DIR/none.jar --plugins DIR/plugged
            plugins-install-no-jar: plugins install DIR/broken.pt --plugins DIR/plugged
            plugins-remove-unknown: plugins remove gras --plugins DIR/plugged
            demo-scenes: demo --scenes -1 -o DIR/o
            """;

    private ErrorCalls() {}
}
